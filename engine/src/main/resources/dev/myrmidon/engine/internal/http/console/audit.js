// Who changed what, and who was refused.

import * as format from "./format.js";
import { h } from "./dom.js";
import { store } from "./store.js";

const SHOWN = 300;
const SOURCES = { file: "the file", sighup: "SIGHUP", reload: "a reload", http: "HTTP" };

export class AuditView {
  title = "Audit";

  constructor() {
    this.heading = h("h1", { tabindex: "-1", text: "Audit" });
    this.list = h("div");
    this.element = h("div", {}, h("div", { class: "heading" }, this.heading, h("p", { class: "summary", text: "Changes since the engine was made, the newest first." })),
      h("section", { class: "card", "aria-label": "Changes" }, this.list));
  }

  update(topics) {
    if (!topics.has("audit")) {
      return;
    }
    const entries = store.audit.slice(-SHOWN).reverse();
    this.list.replaceChildren(entries.length === 0
      ? h("p", { class: "empty", text: "Nobody has changed anything yet." })
      : h("ul", { class: "events" }, entries.map(entry)));
  }

  destroy() {}
}

function entry(change) {
  const lines = change.applied ? change.changes : [...change.changes, ...change.refusals];
  return h("li", { "data-kind": change.applied ? "applied" : "refused" },
    h("time", { datetime: change.at, text: format.time(change.at) }),
    h("span", { class: "tag" }, h("span", { class: "shape", "aria-hidden": "true" }), change.applied ? "applied" : "refused"),
    h("div", { class: "event-text" },
      lines.length === 0 ? h("p", { text: "nothing new" }) : lines.map(text => h("p", { text })),
      h("p", { class: "by", text: `by ${SOURCES[change.source] ?? change.source}${change.client === null ? "" : " from " + change.client}` })));
}
