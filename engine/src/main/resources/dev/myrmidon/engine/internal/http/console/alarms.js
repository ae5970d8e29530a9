// The alarms that are up, and what was told lately.

import * as format from "./format.js";
import { h } from "./dom.js";
import { store } from "./store.js";

const SHOWN = 200;

export class AlarmsView {
  title = "Alarms";

  constructor() {
    this.heading = h("h1", { tabindex: "-1", text: "Alarms" });
    this.active = h("div");
    this.recent = h("div");
    this.element = h("div", {},
      h("div", { class: "heading" }, this.heading),
      h("section", { class: "card", "aria-labelledby": "up" }, h("h2", { id: "up", text: "Up now" }), this.active),
      h("section", { class: "card", "aria-labelledby": "lately" }, h("h2", { id: "lately", text: "Lately" }), this.recent));
  }

  update(topics) {
    if (!topics.has("alarms")) {
      return;
    }
    this.active.replaceChildren(store.activeAlarms.length === 0
      ? h("p", { class: "empty", text: "No alarm is up. Those that are watched for are in the section alarms of the file." })
      : h("ul", { class: "events" }, store.activeAlarms.map(alarm => entry(alarm, "raised"))));
    const recent = store.recentAlarms.slice(-SHOWN).reverse();
    this.recent.replaceChildren(recent.length === 0
      ? h("p", { class: "empty", text: "Nothing yet." })
      : h("ul", { class: "events" }, recent.map(alarm => entry(alarm, alarm.kind))));
  }

  destroy() {}
}

function entry(alarm, kind) {
  const where = alarm.pool === null ? h("span", { text: "JVM" }) : h("a", { href: "#/pools/" + encodeURIComponent(alarm.pool), text: alarm.pool });
  return h("li", { "data-kind": kind },
    h("time", { datetime: alarm.at, text: format.time(alarm.at) }),
    h("span", { class: "tag" }, h("span", { class: "shape", "aria-hidden": "true" }), kind),
    h("div", { class: "event-text" },
      h("p", {}, h("strong", { text: alarm.alarm }), " · ", where, " · ",
        h("span", { class: "number", text: format.inUnit(alarm.value, alarm.unit) }), ` (from ${format.inUnit(alarm.threshold, alarm.unit)}), since ${format.time(alarm.since)}`),
      alarm.tasks?.length > 0 ? h("details", {}, h("summary", { text: format.plural(alarm.tasks.length, "task") }),
        h("ul", { class: "changes" }, alarm.tasks.map(task => h("li", { text: `${task.name}, ${format.duration(task.ran)}, ${task.thread}` })))) : null));
}
