// One pool: its charts, its tasks, how it is set up and scaled, and what can be changed about it.

import * as actions from "./actions.js";
import * as format from "./format.js";
import { Chart } from "./chart.js";
import { Scaling } from "./scaling.js";
import { Tasks } from "./tasks.js";
import { alarmsOf, current, rangeOf, store } from "./store.js";
import { get, poolPath } from "./api.js";
import { h, setData, setText } from "./dom.js";
import { statusOf } from "./status.js";

const UNTIMED = "Not measured: set timed: true at this pool.";

const CHARTS = [
  { title: "Running", format: format.count, lines: [{ name: "running", label: "running", color: "blue", fill: true }, { name: "capacity", label: "capacity", color: "muted", dash: true }] },
  { title: "Backlog", format: format.count, lines: [{ name: "queued", label: "queued", color: "orange", fill: true }, { name: "waiting", label: "waiting", color: "purple", dash: true }] },
  { title: "Rate", format: format.rate, lines: [{ name: "throughput", label: "ended", color: "teal", fill: true }, { name: "arrivals", label: "submitted", color: "blue", dash: true }] },
  { title: "Run time", times: true, format: format.duration, lines: [{ name: "run_p99", label: "p99", color: "purple" }, { name: "run_p50", label: "p50", color: "blue", dash: true }] },
  { title: "Wait for a slot", times: true, format: format.duration, lines: [{ name: "wait_p99", label: "p99", color: "purple" }, { name: "wait_p50", label: "p50", color: "blue", dash: true }] },
  { title: "Rejected and failed", format: format.rate, lines: [{ name: "rejections", label: "rejected", color: "red", fill: true }, { name: "failures", label: "failed", color: "orange", dash: true }] },
];

const TILES = [
  ["running", pool => format.count(pool.running), pool => `of ${format.capacity(pool.capacity)}`],
  ["queued", pool => format.count(pool.queued), pool => (pool.queue_capacity === 0 ? "no queue" : `of ${format.capacity(pool.queue_capacity)}`)],
  ["waiting", pool => format.count(pool.waiting), () => "submitters"],
  ["completed", pool => format.count(pool.completed), pool => `of ${format.count(pool.submitted)}`],
  ["failed", pool => format.count(pool.failed), pool => `${format.count(pool.timed_out)} timed out`],
  ["rejected", pool => format.count(pool.rejected), pool => `${format.count(pool.cancelled)} cancelled`],
];

export class PoolView {
  #details = null;

  constructor(name) {
    this.name = name;
    this.title = name;
    this.heading = h("h1", { tabindex: "-1", text: name });
    this.status = h("span", { class: "status" });
    this.resize = h("button", { type: "button", text: "Resize", onclick: () => this.#act(actions.resize) });
    this.pause = h("button", { type: "button", text: "Pause", onclick: () => this.#act(this.#now()?.paused ? actions.resume : actions.pause) });
    this.tiles = TILES.map(([label, value, more]) => ({ value, more, number: h("span", { class: "big" }), small: h("span", { class: "small" }), label }));
    this.charts = CHARTS.map(spec => ({ ...spec, chart: new Chart({ ...spec, height: 118 }) }));
    this.alarms = h("ul", { class: "alarm-list", hidden: true });
    this.tasks = new Tasks(name);
    this.scaling = new Scaling(name);
    this.config = h("dl", { class: "facts" });
    this.missing = h("p", { class: "card empty", hidden: true });
    this.body = h("div", { class: "pool-body", hidden: true },
      this.alarms,
      h("section", { class: "card numbers-card", "aria-label": "Numbers" },
        h("dl", { class: "tiles" }, this.tiles.map(tile => h("div", { class: "tile" }, h("dt", { text: tile.label }), h("dd", {}, tile.number, tile.small))))),
      h("section", { class: "card charts", "aria-label": "The last minutes" }, this.charts.map(({ chart }) => chart.element)),
      this.tasks.element,
      h("div", { class: "columns" }, this.scaling.element,
        h("section", { class: "card" }, h("h2", { text: "Configuration" }), this.config)));
    this.element = h("div", { class: "pool" },
      h("div", { class: "heading" },
        h("a", { href: "#/", class: "back" }, h("span", { "aria-hidden": "true", text: "‹ " }), "Pools"),
        this.heading, this.status, h("div", { class: "actions" }, this.resize, this.pause)),
      this.missing, this.body);
  }

  update(topics) {
    if (topics.has("info")) {
      this.#load(); // connected again
    }
    const pool = this.#now();
    this.missing.hidden = pool !== undefined || store.pools.size === 0;
    setText(this.missing, `There is no pool “${this.name}”. It may have ended.`);
    this.body.hidden = pool === undefined;
    this.resize.disabled = this.pause.disabled = pool?.state !== "running";
    if (pool === undefined) {
      setText(this.status, "");
      this.tasks.stop();
      return;
    }
    this.#show(pool);
    this.#draw();
    this.scaling.update(this.#details, pool, topics);
    this.tasks.update(pool);
  }

  destroy() {
    this.tasks.stop();
    this.charts.forEach(({ chart }) => chart.destroy());
  }

  #now() {
    return current(this.name);
  }

  async #act(action) {
    const pool = this.#now();
    if (pool !== undefined && await action(pool)) {
      this.#load();
    }
  }

  async #load() {
    try {
      this.#details = await get(poolPath(this.name));
      this.config.replaceChildren(...facts(this.#details.config));
      this.update(new Set(["scaling"]));
    } catch {
      // It is gone, or the connection is lost: both are told.
    }
  }

  #show(pool) {
    const alarms = alarmsOf(this.name);
    const status = statusOf(pool, store.samples.get(this.name) ?? null, alarms);
    setData(this.element, "level", String(status.level));
    const text = status.why === "" ? status.word : `${status.word}: ${status.why}`;
    if (this.statusText !== text) {
      this.statusText = text;
      this.status.replaceChildren(h("span", { class: "shape", "aria-hidden": "true" }), h("span", { class: "word", text: status.word }), h("span", { class: "why", text: status.why }));
    }
    setText(this.pause, pool.paused ? "Resume" : "Pause");
    for (const tile of this.tiles) {
      setText(tile.number, tile.value(pool));
      setText(tile.small, tile.more(pool));
    }
    if (this.shownAlarms !== store.activeAlarms) {
      this.shownAlarms = store.activeAlarms;
      this.alarms.hidden = alarms.length === 0;
      this.alarms.replaceChildren(...alarms.map(alarm => h("li", {},
        h("strong", { text: alarm.alarm }), ` since ${format.time(alarm.since)}: ${format.inUnit(alarm.value, alarm.unit)}, alarming from ${format.inUnit(alarm.threshold, alarm.unit)}`)));
    }
  }

  #draw() {
    const series = store.series.of(this.name);
    if (series === null) {
      return;
    }
    const untimed = this.#details !== null && !this.#details.config.timed;
    for (const { chart, times } of this.charts) {
      chart.update(series, rangeOf(series), times && untimed ? UNTIMED : null);
    }
  }
}

const KINDS = {
  capacity: format.capacityInWords,
  queue_capacity: value => (value === 0 ? "no queue" : format.capacityInWords(value)),
  max_blocking_tasks: format.capacityInWords,
  expiry: value => (value === null ? "never" : format.duration(value)),
  task_timeout: value => (value === null ? "none" : format.duration(value)),
  start_within: value => (value === null ? "none" : format.duration(value)),
};

function facts(config) {
  return Object.entries(config).map(([name, value]) => {
    const shown = name in KINDS ? KINDS[name](value) : value === true ? "yes" : value === false ? "no" : String(value).replaceAll("_", " ");
    return h("div", {}, h("dt", { text: name.replaceAll("_", " ") }), h("dd", { text: shown }));
  });
}
