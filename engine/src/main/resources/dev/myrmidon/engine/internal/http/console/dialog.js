// Asks before something is changed, and for the token where it is needed.

import { Problem, hasToken, isToken, reason, setToken } from "./api.js";
import { done } from "./announce.js";
import { h, setText } from "./dom.js";

const WHERE = "The line “console at” that the engine printed says where it is: a file, or MYRMIDON_TOKEN. "
  + "It stays in this tab, until the tab is closed.";

let numbers = 0;

/// A field with its label, and a hint below it.
export function field(label, input, hint) {
  const id = `field-${++numbers}`;
  input.id = id;
  const note = hint === undefined ? null : h("p", { class: "hint", id: id + "-hint", text: hint });
  if (note !== null) {
    input.setAttribute("aria-describedby", note.id);
  }
  return h("div", { class: "field" }, h("label", { for: id, text: label }), input, note);
}

/// Asks, and does it if the answer is yes. `run` returns what is then said; what it throws is shown, and can be tried again.
/// True when it was done, false if it wasn't wanted.
export function ask({ title, text = "", content = [], confirm, danger = false, askToken = false, run }) {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const token = h("input", { type: "password", autocomplete: "off", spellcheck: "false", name: "token" });
  const tokenField = field("Token", token, WHERE);
  const cancel = h("button", { type: "button", text: "Cancel" });
  const submit = h("button", { type: "submit", class: danger ? "danger" : "primary", text: confirm });
  const heading = h("h2", { id: `dialog-${++numbers}`, text: title });
  const form = h("form", { novalidate: true }, heading, text === "" ? null : h("p", { text }), content, tokenField, error,
    h("div", { class: "buttons" }, cancel, submit));
  const dialog = h("dialog", { "aria-labelledby": heading.id, class: "dialog" }, form);
  tokenField.hidden = hasToken() && !askToken;

  const say = (message, where) => {
    error.hidden = false;
    setText(error, message);
    where?.focus();
  };

  return new Promise(resolve => {
    let result = false;
    let busy = false;
    const attempt = async () => {
      if (!tokenField.hidden) {
        const text = token.value.trim();
        if (text === "") {
          say("Changes need the token of the server: enter it.", token);
          return;
        }
        if (!isToken(text)) {
          say("That is no token: it has letters, digits and signs of ASCII only, and no spaces.", token);
          return;
        }
        setToken(text);
      }
      const message = await run();
      result = true;
      dialog.close();
      done(message);
    };
    form.addEventListener("submit", async event => {
      event.preventDefault();
      if (busy) {
        return;
      }
      busy = true;
      error.hidden = true;
      submit.setAttribute("aria-busy", "true");
      try {
        await attempt();
      } catch (failure) {
        if (failure instanceof Problem && failure.status === 401) {
          setToken(null);
          tokenField.hidden = false;
          say("The token is wrong: it is not the one of this server.", token);
          token.select();
        } else {
          say(capital(reason(failure)) + ".");
        }
      } finally {
        busy = false;
        submit.removeAttribute("aria-busy");
      }
    });
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    (dialog.querySelector("[data-first]") ?? (tokenField.hidden ? submit : token)).focus();
  });
}

/// A value that can't be sent, with the reason.
export class Invalid extends Error {}

const capital = text => (text.endsWith(".") ? text.slice(0, -1) : text).replace(/^./, first => first.toUpperCase());
