// How a pool is scaled, what came of it, and the form to change it.

import * as actions from "./actions.js";
import * as format from "./format.js";
import { Invalid, field } from "./dialog.js";
import { h, setText } from "./dom.js";
import { store } from "./store.js";

/// The keys of config.yaml for each strategy, with what they mean.
const KEYS = {
  threshold: { grow_above: "the usage above which the size doubles, such as 0.8", shrink_below: "the usage below which it is halved, such as 0.3" },
  aimd: {
    increase: "added while all is well and the pool is full", decrease: "multiplied with when it isn't, such as 0.9",
    max_failure_rate: "the share of failures that is borne, such as 0.05", max_run_time: "the 99th percentile that is borne, such as 200ms; 0s is any",
  },
  gradient: {},
  fixed: {},
};
const COMMON = { interval: "from one look at the pool to the next, such as 5s", cool_down: "how long nothing is changed after a change, such as 30s" };
const DURATIONS = new Set(["interval", "cool_down", "max_run_time"]);
const MOST_STEPS = 20;

export class Scaling {
  constructor(pool) {
    this.pool = pool;
    this.facts = h("dl", { class: "facts" });
    this.text = h("p", { class: "hint" });
    this.change = h("button", { type: "button", text: "Change scaling", hidden: true, onclick: () => this.#ask() });
    this.steps = h("ol", { class: "steps" });
    this.element = h("section", { class: "card", "aria-labelledby": "scaling-heading" },
      h("div", { class: "bar" }, h("h2", { id: "scaling-heading", text: "Scaling" }), this.change),
      this.text, this.facts, this.steps);
  }

  update(details, pool, topics) {
    this.current = pool;
    if (details === null || !(topics.has("scaling") || topics.has("info"))) {
      return;
    }
    this.scaling = details.scaling ?? null;
    this.change.hidden = false;
    this.change.disabled = pool.state !== "running";
    setText(this.text, this.scaling !== null ? "" : pool.scaled ? "The engine changes the capacity of this pool by itself."
      : "Its capacity is what somebody set.");
    this.facts.replaceChildren(...Object.entries(this.scaling ?? {}).map(([name, value]) =>
      h("div", {}, h("dt", { text: name.replaceAll("_", " ") }), h("dd", { text: shown(name, value) }))));
    this.#showSteps(details.steps ?? []);
  }

  #showSteps(before) {
    const live = store.steps.get(this.pool) ?? [];
    const known = new Set(before.map(step => step.at));
    const steps = [...before, ...live.filter(step => !known.has(step.at))].slice(-MOST_STEPS).reverse();
    this.steps.replaceChildren(...steps.map(step => h("li", {},
      h("time", { datetime: step.at, text: format.time(step.at) }),
      h("span", { class: "change", text: `${format.capacity(step.from)} → ${format.capacity(step.to)}` }),
      h("span", { class: "why", text: step.reason }))));
  }

  #ask() {
    const before = this.scaling ?? {};
    const strategy = h("select", { name: "strategy", "data-first": true },
      h("option", { value: "", text: "none: a capacity that stays" }), Object.keys(KEYS).map(name => h("option", { value: name, text: name })));
    strategy.value = this.scaling === null ? "" : before.strategy;
    const holder = h("div", { class: "fields" });
    let inputs = new Map();
    const fill = () => {
      const names = strategy.value === "" ? {} : { min: "the least capacity", max: "the most", ...KEYS[strategy.value], ...COMMON };
      const written = new Map([...inputs].map(([name, input]) => [name, input.value]));
      inputs = new Map(Object.keys(names).map(name => [name, h("input", {
        type: "text", autocomplete: "off", name, value: written.get(name) ?? (name in before ? shown(name, before[name]) : null),
      })]));
      holder.replaceChildren(...[...inputs].map(([name, input]) => field(name.replaceAll("_", " "), input, names[name])));
    };
    strategy.addEventListener("change", fill);
    fill();
    actions.scale(this.current, this.scaling, [field("Strategy", strategy), holder], () => {
      if (strategy.value === "") {
        return null;
      }
      return { strategy: strategy.value, ...Object.fromEntries([...inputs].filter(([, input]) => input.value.trim() !== "").map(read)) };
    });
  }
}

/// As the file has it: durations are text.
function shown(name, value) {
  return DURATIONS.has(name) && typeof value === "number" ? `${value}s` : String(value);
}

function read([name, input]) {
  const text = input.value.trim();
  if (DURATIONS.has(name)) {
    return [name, text];
  }
  const number = Number(text);
  if (Number.isNaN(number)) {
    throw new Invalid(`${name} must be a number, was “${text}”`);
  }
  return [name, number];
}
