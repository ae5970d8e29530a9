// Tells what happened: to screen readers what matters and not too often, to everybody what came of their own actions.

import { byId, setText } from "./dom.js";

const PAUSE = 4_000;
let waiting = [];
let timer = null;

/// Said when there is room: of many at once the first one and how many there were.
export function announce(message) {
  waiting.push(message);
  if (timer === null) {
    say();
  }
}

function say() {
  if (waiting.length === 0) {
    timer = null;
    return;
  }
  const more = waiting.length > 1 ? ` And ${waiting.length - 1} more.` : "";
  setText(byId("announcer"), "");
  // A region that is emptied and filled at once may not be read.
  const text = waiting[0] + more;
  waiting = [];
  setTimeout(() => setText(byId("announcer"), text), 50);
  timer = setTimeout(say, PAUSE);
}

let hiding;

/// Said and shown for a while.
export function done(message) {
  announce(message);
  const toast = byId("toast");
  setText(toast, message);
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (toast.hidden = true), 6_000);
}
