// All pools: what they do together, and a row for each, those in trouble first.

import * as format from "./format.js";
import { Chart } from "./chart.js";
import { Rows } from "./rows.js";
import { alarmsOf, rangeOf, store } from "./store.js";
import { drawSpark, sparkCanvas } from "./sparkline.js";
import { h, setData, setText } from "./dom.js";
import { statusOf } from "./status.js";

/// Rows change places at most this often, and never under a pointer or a focus.
const RESORT = 5_000;

const COLUMNS = [
  { key: "running", label: "Running / capacity" },
  { key: "backlog", label: "Queued · waiting" },
  { key: "rate", label: "Rate" },
  { key: "p99", label: "Run time p50 · p99" },
  { key: "lost", label: "Rejected · failed" },
];

const SORTS = {
  trouble: ["Trouble first", null],
  name: ["Name", null],
  running: ["Running", (pool, sample) => sample?.running ?? pool.running],
  usage: ["Usage", (pool, sample) => sample?.usage ?? 0],
  backlog: ["Queued and waiting", (pool, sample) => (sample ?? pool).queued + (sample ?? pool).waiting],
  rate: ["Rate", (_, sample) => sample?.throughput ?? 0],
  p99: ["p99", (_, sample) => sample?.runs?.p99 ?? 0],
  lost: ["Rejected and failed", (_, sample) => (sample === null ? 0 : (sample.rejected + sample.failed) / sample.interval)],
};

const FILTERS = {
  all: ["All", () => true],
  trouble: ["In trouble", status => status.level >= 2],
  working: ["Working", status => status.level === 1],
  idle: ["Idle", status => status.level === 0],
};

const collator = new Intl.Collator("en", { numeric: true });
/// What was chosen holds when one comes back from a pool.
const chosen = { text: "", filter: "all", sort: "trouble" };

export class Overview {
  title = "Pools";
  #sortedAt = 0;
  #pointed = false;
  #measured = false;
  #statuses = new Map();

  constructor() {
    this.tiles = [
      ["running", "running", format.count], ["throughput", "ended", format.rate], ["queued", "queued", format.count],
      ["failures", "failed", format.rate], ["waiting", "waiting", format.count], ["rejections", "rejected", format.rate],
    ].map(([name, label, show]) => ({ name, show, value: h("dd", { text: format.NONE }), label }));
    this.rate = new Chart({
      title: "Rate", format: format.rate, height: 150,
      lines: [{ name: "throughput", label: "ended", color: "teal", fill: true }, { name: "arrivals", label: "submitted", color: "blue", dash: true }],
    });
    this.load = new Chart({
      title: "Load", format: format.count, height: 150,
      lines: [{ name: "running", label: "running", color: "blue", fill: true }, { name: "queued", label: "queued", color: "orange" },
        { name: "waiting", label: "waiting", color: "purple", dash: true }],
    });
    this.heading = h("h1", { tabindex: "-1", text: "Pools" });
    this.summary = h("p", { class: "summary" });
    this.search = h("input", { type: "search", placeholder: "Find a pool", "aria-label": "Find a pool by name", value: chosen.text, oninput: () => this.#choose() });
    this.filter = select("Show", FILTERS, chosen.filter, () => this.#choose());
    this.sort = select("Sort by", SORTS, chosen.sort, () => this.#choose());
    this.list = h("div", { class: "rows", role: "rowgroup" });
    this.headers = COLUMNS.map(column => h("div", { role: "columnheader", class: "cell", "aria-sort": "none" },
      h("button", { type: "button", text: column.label, onclick: () => this.#sortBy(column.key) })));
    this.nameHeader = h("div", { role: "columnheader", class: "cell name", "aria-sort": "none" },
      h("button", { type: "button", text: "Pool", onclick: () => this.#sortBy("name") }));
    this.table = h("div", { role: "table", class: "pools", "aria-label": "Pools", "aria-colcount": COLUMNS.length + 1 },
      h("div", { role: "rowgroup" }, h("div", { role: "row", class: "row head", "aria-rowindex": 1 }, this.nameHeader, this.headers)),
      this.list);
    this.table.addEventListener("pointerenter", event => (this.#pointed = event.pointerType === "mouse"));
    this.table.addEventListener("pointerleave", () => (this.#pointed = false));
    this.none = h("p", { class: "empty", hidden: true });
    this.hint = firstSteps();
    this.rows = new Rows(this.list, name => new Row(name));
    this.element = h("div", { class: "overview" },
      h("div", { class: "heading" }, this.heading, this.summary),
      h("section", { class: "card totals", "aria-label": "All pools together" },
        h("dl", { class: "tiles" }, this.tiles.map(tile => h("div", { class: "tile" }, h("dt", { text: tile.label }), tile.value))),
        this.rate.element, this.load.element),
      this.hint,
      h("section", { class: "card list", "aria-label": "Each pool" },
        h("div", { class: "bar" }, this.search, this.filter.label, this.sort.label), this.table, this.none));
  }

  update(topics) {
    const known = this.#look();
    if (topics.has("pools") || topics.has("alarms") || known || performance.now() - this.#sortedAt > RESORT) {
      this.#arrange(false);
    }
    this.hint.hidden = !store.quiet || store.pools.size === 0;
    this.#drawTotals();
    this.rows.show();
    store.series.keepWanted(name => this.rows.has(name));
  }

  destroy() {
    this.rows.destroy();
    this.rate.destroy();
    this.load.destroy();
  }

  #choose() {
    this.#look();
    chosen.text = this.search.value;
    chosen.filter = this.filter.select.value;
    chosen.sort = this.sort.select.value;
    this.#arrange(true);
  }

  #sortBy(key) {
    this.sort.select.value = chosen.sort === key ? "trouble" : key;
    this.#choose();
  }

  /// Looks at each pool. True when something is known of all of them for the first time.
  #look() {
    let troubled = 0;
    let measured = 0;
    this.#statuses.clear();
    for (const pool of store.pools.values()) {
      const sample = store.samples.get(pool.name) ?? null;
      const status = statusOf(pool, sample, alarmsOf(pool.name));
      this.#statuses.set(pool.name, status);
      troubled += status.level >= 2 ? 1 : 0;
      measured += sample === null ? 0 : 1;
    }
    setText(this.summary, `${format.plural(store.pools.size, "pool")}, ${troubled === 0 ? "none" : format.exact(troubled)} in trouble`);
    const before = this.#measured;
    this.#measured = measured > 0 && measured === store.pools.size;
    return this.#measured && !before;
  }

  #arrange(asked) {
    const held = !asked && (this.#pointed || this.table.contains(document.activeElement));
    const needle = chosen.text.trim().toLowerCase();
    const shown = [...store.pools.values()].filter(pool =>
      (needle === "" || pool.name.toLowerCase().includes(needle)) && FILTERS[chosen.filter][1](this.#statuses.get(pool.name)));
    this.#order(shown, held);
    this.none.hidden = shown.length > 0;
    setText(this.none, store.pools.size === 0 ? "" : "No pool is like that. Choose another name, or show all of them.");
    this.table.setAttribute("aria-rowcount", String(shown.length + 1));
  }

  #order(shown, held) {
    const byName = (one, other) => collator.compare(one.name, other.name);
    const value = SORTS[chosen.sort][1];
    const number = pool => value(pool, store.samples.get(pool.name) ?? null);
    const level = pool => this.#statuses.get(pool.name).level;
    const compare = chosen.sort === "name" ? byName
      : chosen.sort === "trouble" ? (one, other) => level(other) - level(one) || byName(one, other)
        : (one, other) => number(other) - number(one) || byName(one, other);
    if (held) {
      // Where they were; what came is at the end.
      const places = new Map(this.rows.names.map((name, i) => [name, i]));
      shown.sort((one, other) => (places.get(one.name) ?? Infinity) - (places.get(other.name) ?? Infinity) || byName(one, other));
    } else {
      shown.sort(compare);
      this.#sortedAt = performance.now();
    }
    [this.nameHeader, ...this.headers].forEach((header, i) => {
      const key = i === 0 ? "name" : COLUMNS[i - 1].key;
      header.setAttribute("aria-sort", key !== chosen.sort ? "none" : key === "name" ? "ascending" : "descending");
    });
    this.rows.set(shown.map(pool => pool.name));
  }

  #drawTotals() {
    if (store.totals === null) {
      return;
    }
    this.rate.update(store.totals, rangeOf(store.totals));
    this.load.update(store.totals, rangeOf(store.totals));
    for (const tile of this.tiles) {
      const value = store.totals.last(tile.name);
      setText(tile.value, tile.show(value));
      setData(tile.value, "alert", value > 0 && (tile.name === "rejections" || tile.name === "failures") ? "yes" : "no");
    }
  }
}

function select(label, options, value, changed) {
  const element = h("select", { onchange: changed }, Object.entries(options).map(([key, [text]]) => h("option", { value: key, text })));
  element.value = value;
  return { select: element, label: h("label", { class: "choice" }, h("span", { text: label }), element) };
}

function firstSteps() {
  return h("section", { class: "card hint-card", hidden: true },
    h("h2", { text: "No tasks yet" }),
    h("p", { text: "The pools are open and nothing has been submitted. Hand one a task, and its row comes to life:" }),
    h("pre", { text: "engine.pool(\"default\").execute(() -> ship(order));" }),
    h("p", { text: "Run times and percentiles need timed: true at a pool, and ended tasks are remembered with a section tracker in the file." }));
}

class Row {
  constructor(name) {
    this.name = name;
    this.shape = h("span", { class: "shape", "aria-hidden": "true" });
    this.word = h("span", { class: "word" });
    this.why = h("span", { class: "why" });
    this.cells = COLUMNS.map(column => {
      const value = h("span", { class: "number" });
      const more = h("span", { class: "more" });
      const canvas = sparkCanvas();
      return { value, more, canvas, cell: h("div", { role: "cell", class: "cell", "data-label": column.label }, h("span", { class: "numbers" }, value, more), canvas) };
    });
    this.element = h("div", { role: "row", class: "row" },
      h("div", { role: "rowheader", class: "cell name" },
        h("a", { href: "#/pools/" + encodeURIComponent(name), text: name }),
        h("span", { class: "status" }, this.shape, this.word, this.why)),
      this.cells.map(cell => cell.cell));
  }

  update() {
    const pool = store.pools.get(this.name);
    if (pool === undefined) {
      return;
    }
    const sample = store.samples.get(this.name) ?? null;
    const series = store.series.of(this.name);
    if (this.pool === pool && this.sample === sample && this.drawn === series && this.clock === store.clock && this.alarms === store.activeAlarms && this.dark === themes) {
      return; // nothing new
    }
    Object.assign(this, { pool, sample, drawn: series, clock: store.clock, alarms: store.activeAlarms, dark: themes });
    const status = statusOf(pool, sample, alarmsOf(this.name));
    setData(this.element, "level", String(status.level));
    setText(this.word, status.word);
    setText(this.why, status.why);
    this.#numbers(sample ?? pool, sample);
    if (series !== null) {
      this.#draw(series);
    }
  }

  #numbers(now, sample) {
    const [running, backlog, rate, times, lost] = this.cells;
    setText(running.value, format.count(now.running));
    setText(running.more, "/ " + format.capacity(now.capacity));
    setText(backlog.value, format.count(now.queued));
    setText(backlog.more, "· " + format.count(now.waiting));
    setText(rate.value, sample === null ? format.NONE : format.rate(sample.throughput));
    const runs = sample?.runs?.count > 0 ? sample.runs : null;
    setText(times.value, format.duration(runs?.p50));
    setText(times.more, runs === null ? "" : "· " + format.duration(runs.p99));
    setText(lost.value, sample === null ? format.NONE : format.rate(sample.rejected / sample.interval));
    setText(lost.more, sample === null ? "" : "· " + format.rate(sample.failed / sample.interval));
  }

  #draw(series) {
    const { at, columns } = series;
    const time = rangeOf(series);
    const line = (name, color, more) => ({ values: columns[name], color, ...more });
    const [running, backlog, rate, times, lost] = this.cells;
    drawSpark(running.canvas, at, [line("running", "blue", { fill: true }), line("capacity", "muted", { dash: true })], time);
    drawSpark(backlog.canvas, at, [line("queued", "orange", { fill: true }), line("waiting", "purple", { dash: true })], { ...time, least: 1 });
    drawSpark(rate.canvas, at, [line("throughput", "teal", { fill: true })], time);
    drawSpark(times.canvas, at, [line("run_p99", "purple"), line("run_p50", "blue", { dash: true })], time);
    drawSpark(lost.canvas, at, [line("rejections", "red", { fill: true }), line("failures", "orange", { dash: true })], { ...time, least: 1 });
  }
}

/// Another number for each change of the theme.
let themes = 0;
document.addEventListener("themechange", () => themes++);
