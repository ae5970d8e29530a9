// What is in effect, and what the file would change.

import * as actions from "./actions.js";
import { Problem, get, getText, reason } from "./api.js";
import { h, setText } from "./dom.js";

export class ConfigView {
  title = "Config";
  #diff = null;

  constructor() {
    this.heading = h("h1", { tabindex: "-1", text: "Configuration" });
    this.text = h("pre", { class: "config", tabindex: "0", role: "region", "aria-label": "The configuration in effect", text: "Loading." });
    this.difference = h("div");
    this.look = h("button", { type: "button", text: "Look again", onclick: () => this.#load() });
    this.reload = h("button", { type: "button", class: "primary", text: "Reload the file", onclick: () => this.#reload() });
    this.element = h("div", {},
      h("div", { class: "heading" }, this.heading, h("div", { class: "actions" }, this.look, this.reload)),
      h("section", { class: "card", "aria-labelledby": "file" }, h("h2", { id: "file", text: "The file" }), this.difference),
      h("section", { class: "card", "aria-labelledby": "effect" }, h("h2", { id: "effect", text: "In effect" }),
        h("p", { class: "hint", text: "As a file with every key. Secrets are replaced. What was changed by hand, such as a capacity, is not in it." }), this.text));
  }

  update(topics) {
    if (topics.has("audit") || topics.has("info")) {
      this.#load();
    }
  }

  destroy() {}

  async #load() {
    try {
      setText(this.text, await getText("/api/config"));
    } catch (error) {
      setText(this.text, `It can't be shown: ${reason(error)}.`);
    }
    await this.#loadDiff();
  }

  async #loadDiff() {
    this.reload.hidden = false;
    try {
      this.#diff = await get("/api/config/diff");
    } catch (error) {
      this.#diff = null;
      const none = error instanceof Problem && error.status === 409; // there is no file
      this.reload.hidden = none;
      const text = none ? "The engine was not made from a file." : `It can't be compared: ${reason(error)}.`;
      this.difference.replaceChildren(h("p", { class: "empty", text }));
      return;
    }
    const { changes, refusals } = this.#diff;
    this.difference.replaceChildren(...(changes.length + refusals.length === 0
      ? [h("p", { class: "empty", text: "It says what is in effect: a reload changes nothing." })]
      : [list("A reload changes", changes, "applied"), list("A reload is refused, for", refusals, "refused")]));
  }

  async #reload() {
    await actions.reload(this.#diff);
    this.#load();
  }
}

function list(title, lines, kind) {
  return lines.length === 0 ? "" : h("div", {}, h("h3", { text: title }), h("ul", { class: "changes", "data-kind": kind }, lines.map(text => h("li", { text }))));
}
