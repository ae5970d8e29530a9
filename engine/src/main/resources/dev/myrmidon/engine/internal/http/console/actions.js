// What can be changed, each with a question first.

import { poolPath, setToken, taskPath, write, get } from "./api.js";
import { Invalid, ask, field } from "./dialog.js";
import { capacityInWords, duration } from "./format.js";
import { h } from "./dom.js";
import { look, retry } from "./connection.js";
import { setPool } from "./store.js";

const LARGEST = 2147483647;

export function resize(pool) {
  const input = h("input", {
    type: "text", inputmode: "numeric", autocomplete: "off", name: "capacity", "data-first": true,
    value: pool.capacity === -1 ? "unbounded" : pool.capacity,
  });
  const scaled = pool.scaled ? " The engine scales this pool, and goes on from there." : "";
  queueMicrotask(() => input.select());
  return ask({
    title: `Resize ${pool.name}`,
    text: `At most ${capacityInWords(pool.capacity)} tasks run at once now, and ${pool.running} do.${scaled}`,
    content: [field("New capacity", input, "1 or more, or “unbounded”. It holds until somebody sets another one.")],
    confirm: "Resize",
    run: async () => {
      const capacity = capacityOf(input.value);
      setPool(await write("PATCH", poolPath(pool.name), { capacity }));
      return `${pool.name} now has capacity ${capacityInWords(capacity)}.`;
    },
  });
}

function capacityOf(text) {
  const plain = text.trim().replaceAll(/[,_']/g, "");
  if (/^(unbounded|∞|-1)$/i.test(plain)) {
    return -1;
  }
  const number = Number(plain);
  if (!/^\d+$/.test(plain) || number < 1 || number > LARGEST) {
    throw new Invalid(`The capacity must be a whole number from 1 to ${LARGEST}, or “unbounded”, was “${text.trim()}”`);
  }
  return number;
}

export function pause(pool) {
  return ask({
    title: `Pause ${pool.name}?`,
    text: "Tasks that run go on. Those that come are accepted and wait, until the pool is resumed or has no more room.",
    confirm: "Pause",
    danger: true,
    run: async () => {
      setPool(await write("PATCH", poolPath(pool.name), { paused: true }));
      return `${pool.name} is paused.`;
    },
  });
}

export function resume(pool) {
  return ask({
    title: `Resume ${pool.name}?`,
    text: `It starts what waits: ${pool.queued} queued.`,
    confirm: "Resume",
    run: async () => {
      setPool(await write("PATCH", poolPath(pool.name), { paused: false }));
      return `${pool.name} runs again.`;
    },
  });
}

export function cancel(task) {
  return ask({
    title: "Cancel this task?",
    text: `“${task.name}”, number ${task.id} of ${task.pool}, has run for ${duration(task.ran)}. It is interrupted, and holds its slot until its code returns.`,
    confirm: "Cancel the task",
    danger: true,
    run: async () => {
      await write("DELETE", taskPath(task.pool, task.id));
      return `Task ${task.id} of ${task.pool} was cancelled.`;
    },
  });
}

export function scale(pool, scaling, content, read) {
  return ask({
    title: `Scaling of ${pool.name}`,
    text: scaling === null ? "Its capacity is what somebody set. It can follow the load instead." : "",
    content,
    confirm: "Apply",
    run: async () => {
      const wanted = read();
      setPool(await write("PATCH", poolPath(pool.name), { scaling: wanted }));
      return wanted === null ? `${pool.name} is scaled no more.` : `${pool.name} is scaled by ${wanted.strategy}.`;
    },
  });
}

export function reload(diff) {
  const changes = diff === null ? [] : [...diff.changes, ...diff.refusals];
  return ask({
    title: "Reload the file?",
    text: changes.length > 0 ? "This changes:" : "What has changed in it is applied as a whole, or not at all.",
    content: changes.length > 0 ? [h("ul", { class: "changes" }, changes.map(text => h("li", { text })))] : [],
    confirm: "Reload",
    run: async () => {
      const entry = await write("POST", "/api/config/reload");
      look();
      if (!entry.applied) {
        throw new Invalid("The file was refused: " + entry.refusals.join("; "));
      }
      return entry.changes.length === 0 ? "The file has nothing new." : "Applied: " + entry.changes.join("; ");
    },
  });
}

/// For servers that show nothing without the token.
export function enterToken() {
  return ask({
    title: "Token needed",
    text: "This server shows nothing without its token.",
    confirm: "Continue",
    askToken: true,
    run: async () => {
      await get("/api/pools");
      retry();
      return "The token is right.";
    },
  });
}

export function forgetToken() {
  setToken(null);
}
