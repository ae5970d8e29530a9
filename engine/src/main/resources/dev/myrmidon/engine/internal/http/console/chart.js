// A chart of the last minutes with axes, its numbers in the caption, and one cursor for all charts.

import { NONE } from "./format.js";
import { faded, palette } from "./palette.js";
import { h, setText } from "./dom.js";

/* global uPlot */

/// How high a chart is on a phone.
const LOW = 110;
/// The height of the scale of a chart in which nothing happens.
const NOTHING = 4;
/// From one time of the axis to the next, in seconds.
const STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400];
const FONT = "11px system-ui, sans-serif";
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const exactClock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export class Chart {
  #plot = null;
  #series = null;
  #width = 0;
  #data = null;

  /// `lines` are `{ name, label, color, fill, dash }`, `format` is for their values.
  constructor({ title, lines, format, height = 132 }) {
    this.lines = lines;
    this.format = format;
    this.height = matchMedia("(max-width: 760px)").matches ? Math.min(height, LOW) : height;
    this.values = lines.map(() => h("output", { class: "value", "aria-live": "off", text: NONE }));
    this.moment = h("span", { class: "moment" });
    this.canvas = h("div", { class: "plot", role: "img", "aria-label": title });
    this.note = h("p", { class: "note", hidden: true });
    this.title = title;
    this.element = h("figure", { class: "chart" },
      h("figcaption", {},
        h("span", { class: "chart-title", text: title }), this.moment,
        h("span", { class: "legend" }, lines.map((line, i) => h("span", { class: "key" },
          h("span", { class: `swatch ink-${line.color}${line.dash ? " dashed" : ""}`, "aria-hidden": "true" }),
          h("span", { text: line.label }), this.values[i])))),
      this.canvas, this.note);
    this.observer = new ResizeObserver(entries => this.#resize(Math.floor(entries[0].contentRect.width)));
    this.observer.observe(this.canvas);
    this.rebuild = () => this.#build();
    document.addEventListener("themechange", this.rebuild);
  }

  /// Shows a series over a range of time, in seconds. With a note in place of numbers that aren't there.
  update(series, range, note = null) {
    this.#series = series;
    this.range = range;
    this.note.hidden = note === null;
    setText(this.note, note ?? "");
    this.#data = [series.at, ...this.lines.map(line => series.columns[line.name].map(value => (value === -1 ? null : value)))];
    if (this.#plot === null) {
      this.#build();
    } else {
      this.#plot.setData(this.#data);
    }
    this.#tell(null);
    this.#describe();
  }

  destroy() {
    this.observer.disconnect();
    document.removeEventListener("themechange", this.rebuild);
    this.#plot?.destroy();
    this.#plot = null;
  }

  #resize(width) {
    if (width <= 0 || width === this.#width) {
      return;
    }
    this.#width = width;
    if (this.#plot === null) {
      this.#build();
    } else {
      this.#plot.setSize({ width, height: this.height });
    }
  }

  #build() {
    if (this.#width === 0 || this.#data === null) {
      return;
    }
    this.#plot?.destroy();
    const colors = palette();
    const axis = { stroke: colors.muted, font: FONT, ticks: { show: false }, grid: { stroke: colors.grid, width: 1 } };
    this.#plot = new uPlot({
      width: this.#width,
      height: this.height,
      padding: [6, 16, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, sync: { key: "console", setSeries: false } },
      scales: {
        x: { time: true, range: () => [this.range.from, this.range.end] },
        y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : NOTHING] },
      },
      axes: [
        { ...axis, size: 24, space: 76, incrs: STEPS, values: (_, times, __, ___, step) => times.map(time => (step < 60 ? exactClock : clock).format(time * 1000)), grid: { show: false } },
        { ...axis, size: 58, space: 26, values: (_, values) => values.map(value => this.format(value)) },
      ],
      series: [{}, ...this.lines.map(line => ({
        stroke: colors[line.color],
        width: line.dash ? 1.25 : 1.6,
        dash: line.dash ? [4, 3] : undefined,
        fill: line.fill ? faded(colors[line.color], 0.14) : undefined,
        points: { show: false },
      }))],
      hooks: { setCursor: [plot => this.#tell(plot.cursor.idx)] },
    }, this.#data, this.canvas);
  }

  /// The numbers under the cursor, or the newest ones.
  #tell(index) {
    const at = this.#data[0];
    const pointed = index !== null && index !== undefined && index < at.length;
    const shown = pointed ? index : at.length - 1;
    setText(this.moment, pointed ? exactClock.format(at[shown] * 1000) : "");
    this.values.forEach((value, i) => setText(value, shown < 0 ? NONE : this.format(this.#data[i + 1][shown])));
  }

  #describe() {
    const parts = this.lines.map((line, i) => {
      const values = this.#data[i + 1];
      const most = values.reduce((max, value) => (value !== null && value > max ? value : max), 0);
      return `${line.label} ${this.format(values.at(-1))}, at most ${this.format(most)}`;
    });
    const minutes = Math.max(1, Math.round((this.range.end - this.range.from) / 60));
    this.canvas.setAttribute("aria-label", `${this.title} of the last ${minutes} minutes: ${parts.join("; ")}`);
  }
}
