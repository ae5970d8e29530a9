// The tasks of a pool: those that run, the slowest, those that failed, the last ones.

import * as actions from "./actions.js";
import * as format from "./format.js";
import { get, reason, taskPath } from "./api.js";
import { h, setText } from "./dom.js";
import { store } from "./store.js";

const REFRESH = 2_000;
const FEW = 20;
const MANY = 200;
const TABS = [
  { key: "running", label: "Running", queries: ["state=running&sort=slowest"], none: "Nothing runs." },
  { key: "slowest", label: "Slowest", queries: ["state=finished&sort=slowest"], none: "No task has ended yet." },
  { key: "failures", label: "Failures", queries: ["state=failed", "state=timed_out", "state=rejected"], none: "None has failed lately." },
  { key: "history", label: "History", queries: ["state=finished"], none: "No task has ended yet." },
];
const UNTRACKED = "Tasks that have ended are not remembered: give the file a section tracker, such as “tracker: { per_outcome: 1000 }”, and start the engine again.";

export class Tasks {
  #timer = 0;
  #opened = new Set();
  #stopped = false;
  #generation = 0;

  constructor(pool) {
    this.pool = pool;
    this.tab = TABS[0];
    this.tabs = TABS.map(tab => h("button", {
      type: "button", role: "tab", id: `tab-${tab.key}`, "aria-controls": "task-panel", text: tab.label,
      onclick: () => this.#choose(tab), onkeydown: event => this.#key(event),
    }));
    this.body = h("tbody");
    this.note = h("p", { class: "empty", text: "Loading." });
    this.table = h("table", { class: "tasks", hidden: true },
      h("caption", { class: "sr", text: "Tasks" }),
      h("thead", {}, h("tr", {}, ["Task", "State", "Waited", "Ran", "Ended", ""].map((label, i) =>
        label === "" ? h("td") : h("th", { scope: "col", class: i === 2 || i === 3 ? "right" : null, text: label })))),
      this.body);
    this.live = h("input", { type: "checkbox", checked: true, onchange: () => this.#refresh() });
    this.panel = h("div", { role: "tabpanel", id: "task-panel", tabindex: "0" }, this.note, this.table);
    this.more = h("button", { type: "button", class: "quiet more-tasks", text: `Show up to ${MANY}`, hidden: true, onclick: () => this.#showMore() });
    this.element = h("section", { class: "card task-card", "aria-labelledby": "tasks-heading" },
      h("div", { class: "bar" }, h("h2", { id: "tasks-heading", text: "Tasks" }),
        h("div", { role: "tablist", class: "tabs", "aria-label": "Which tasks" }, this.tabs),
        h("label", { class: "choice check" }, this.live, h("span", { text: "Live" }))),
      this.panel, this.more);
    this.#choose(this.tab);
  }

  update() {
    if (this.#stopped) {
      this.#stopped = false;
      this.#refresh();
    }
  }

  stop() {
    this.#stopped = true;
    this.#generation++;
    clearTimeout(this.#timer);
  }

  #choose(tab) {
    this.tab = tab;
    this.limit = FEW;
    this.tabs.forEach((button, i) => {
      const selected = TABS[i] === tab;
      button.setAttribute("aria-selected", String(selected));
      button.tabIndex = selected ? 0 : -1;
    });
    this.panel.setAttribute("aria-labelledby", `tab-${tab.key}`);
    this.#opened.clear();
    this.body.replaceChildren();
    this.table.hidden = true;
    this.more.hidden = true;
    this.note.hidden = false;
    setText(this.note, "Loading.");
    this.#refresh();
  }

  #showMore() {
    this.limit = MANY;
    this.panel.focus();
    this.#refresh();
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = TABS.indexOf(this.tab);
    const to = event.key === "Home" ? 0 : event.key === "End" ? TABS.length - 1
      : step === undefined ? -1 : (at + step + TABS.length) % TABS.length;
    if (to >= 0) {
      event.preventDefault();
      this.#choose(TABS[to]);
      this.tabs[to].focus();
    }
  }

  async #refresh() {
    clearTimeout(this.#timer);
    const generation = ++this.#generation;
    const begun = performance.now();
    try {
      if (!document.hidden && store.connection.state === "live") {
        const prefix = `/api/tasks?pool=${encodeURIComponent(this.pool)}&limit=${this.limit}&`;
        const answers = await Promise.all(this.tab.queries.map(query => get(prefix + query)));
        if (generation !== this.#generation) {
          return;
        }
        this.#show(answers);
      }
    } catch (error) {
      if (generation === this.#generation) {
        this.table.hidden = true;
        this.note.hidden = false;
        setText(this.note, `The tasks can't be shown: ${reason(error)}.`);
      }
    }
    if (generation === this.#generation && !this.#stopped) {
      // A look at a pool with very many tasks takes a while, and isn't made all the time.
      const pause = Math.max(REFRESH, 10 * (performance.now() - begun));
      this.#timer = setTimeout(() => (this.live.checked ? this.#refresh() : undefined), pause);
    }
  }

  #show(answers) {
    const tasks = answers.flatMap(answer => answer.tasks);
    if (answers.length > 1) {
      tasks.sort((one, other) => Date.parse(other.ended) - Date.parse(one.ended));
      tasks.length = Math.min(tasks.length, this.limit);
    }
    this.more.hidden = this.limit !== FEW || tasks.length < FEW;
    const untracked = this.tab.key !== "running" && !answers[0].tracked;
    this.table.hidden = tasks.length === 0;
    this.note.hidden = tasks.length > 0;
    setText(this.note, untracked ? UNTRACKED : this.tab.none);
    this.table.classList.toggle("is-running", this.tab.key === "running");
    const seen = new Set(tasks.map(keyOf));
    const old = new Map();
    for (const row of [...this.body.children]) {
      // What somebody has opened or is at stays, though it has ended.
      if (seen.has(row.dataset.key)) {
        old.set(row.dataset.key, row);
      } else if (this.#opened.has(row.dataset.key) || row.contains(document.activeElement)) {
        row.end();
      } else {
        row.remove();
      }
    }
    let place = this.body.firstElementChild;
    for (const task of tasks) {
      const key = keyOf(task);
      const row = old.get(key);
      if (row === undefined) {
        this.body.insertBefore(this.#row(task, key), place);
      } else {
        row.fill(task);
        // It isn't moved while somebody is in it.
        if (row !== place && !row.contains(document.activeElement)) {
          this.body.insertBefore(row, place);
        }
        if (row === place) {
          place = row.nextElementSibling;
        }
      }
    }
  }

  #row(task, key) {
    const isRunning = task.state === "running";
    const cells = {
      state: h("td", { "data-label": "State", role: "cell" }), waited: h("td", { class: "right", "data-label": "Waited", role: "cell" }),
      ran: h("td", { class: "right", "data-label": "Ran", role: "cell" }), ended: h("td", { "data-label": "Ended", role: "cell" }),
    };
    const details = h("pre", { class: "details", hidden: true, tabindex: "0", role: "region", "aria-label": `Stack of ${task.name}` });
    const toggle = h("button", { type: "button", class: "quiet", text: "Stack", "aria-label": `Stack of ${task.name}, ${task.id}`, "aria-expanded": "false" });
    toggle.addEventListener("click", () => this.#toggle(task, key, toggle, details));
    const cancel = h("button", { type: "button", class: "quiet", text: "Cancel", "aria-label": `Cancel ${task.name}, ${task.id}`, onclick: () => this.#cancel(row.task) });
    const buttons = task.id === null ? [] : isRunning ? [toggle, cancel] : task.state === "failed" ? [toggle] : [];
    const row = h("tr", { "data-key": key, role: "row" },
      h("th", { scope: "row", role: "rowheader" }, h("span", { class: "task-name", text: task.name }),
        h("span", { class: "task-id", text: task.id === null ? (task.thread ?? "") : `#${task.id}` }),
        task.error ? h("div", { class: "error-line", text: task.error }) : null, details),
      cells.state, cells.waited, cells.ran, cells.ended,
      h("td", { class: "row-actions", role: "cell" }, buttons));
    row.fill = now => {
      row.task = now;
      setText(cells.state, stateOf(now));
      cells.state.dataset.state = now.state;
      setText(cells.waited, format.duration(now.waited));
      setText(cells.ran, format.duration(now.ran));
      setText(cells.ended, now.ended ? format.time(now.ended) : "");
    };
    row.end = () => {
      setText(cells.state, "ended");
      cells.state.dataset.state = "ended";
      cancel.disabled = true;
    };
    row.fill(task);
    return row;
  }

  async #toggle(task, key, toggle, details) {
    const open = toggle.getAttribute("aria-expanded") !== "true";
    toggle.setAttribute("aria-expanded", String(open));
    details.hidden = !open;
    if (!open) {
      this.#opened.delete(key);
      return;
    }
    this.#opened.add(key);
    setText(details, "Loading.");
    try {
      const now = await get(taskPath(task.pool, task.id));
      setText(details, now.stack?.length ? now.stack.join("\n") : now.state === "running" ? "It has no frames now." : `It has ended: ${stateOf(now)}.`);
    } catch (failure) {
      setText(details, reason(failure));
    }
  }

  async #cancel(task) {
    if (await actions.cancel(task)) {
      this.#refresh();
    }
  }
}

/// A task that was given up runs on until its code returns; one that has just returned is about to leave.
function stateOf(task) {
  const words = text => text.replaceAll("_", " ");
  return !task.outcome ? words(task.state) : ["timed_out", "cancelled"].includes(task.outcome) ? `${words(task.outcome)}, runs on` : "ending";
}

/// What has no id has a thread of its own. Ids of refused tasks need not differ.
const keyOf = task => (task.state === "running" ? `r ${task.id ?? task.thread} ${task.name}` : `f ${task.id} ${task.ended} ${task.name}`);
