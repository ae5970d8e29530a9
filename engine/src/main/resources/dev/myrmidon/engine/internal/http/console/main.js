// The page: which view is shown, the head above it, and the banner when something is wrong.

import { AlarmsView } from "./alarms.js";
import { AuditView } from "./audit.js";
import { ConfigView } from "./config.js";
import { Overview } from "./overview.js";
import { PoolView } from "./pool.js";
import { byId, setData, setText } from "./dom.js";
import { connect, look, retry } from "./connection.js";
import { duration, time } from "./format.js";
import { enterToken, forgetToken } from "./actions.js";
import { hasToken } from "./api.js";
import { onChange, store } from "./store.js";

const ALL = new Set(["info", "pools", "samples", "series", "alarms", "audit", "scaling", "connection"]);
let view = null;

/// What stands behind the # in the address.
function chooseView() {
  const parts = location.hash.replace(/^#\/?/, "").split("/");
  try {
    if (parts[0] === "pools" && parts.length === 2 && parts[1] !== "") {
      return ["pools", new PoolView(decodeURIComponent(parts[1]))];
    }
  } catch {
    // not an encoded name
  }
  switch (parts[0]) {
    case "alarms": return ["alarms", new AlarmsView()];
    case "audit": return ["audit", new AuditView()];
    case "config": return ["config", new ConfigView()];
    default: return ["pools", new Overview()];
  }
}

function show(byPerson) {
  document.querySelector("dialog[open]")?.close(); // what it asks is about what one has left
  view?.destroy();
  const [section, own] = chooseView();
  view = own;
  byId("main").replaceChildren(view.element);
  for (const link of byId("nav").querySelectorAll("a")) {
    if (link.dataset.section === section) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  view.update(ALL);
  showTitle();
  if (byPerson) {
    scrollTo(0, 0);
    view.heading.focus({ preventScroll: true });
  }
}

function showTitle() {
  const up = store.activeAlarms.length;
  const title = `${up > 0 ? `(${up}) ` : ""}${view.title} · Myrmidon`;
  if (document.title !== title) {
    document.title = title;
  }
}

function showHead() {
  const { info, connection } = store;
  setText(byId("where"), location.host);
  byId("where").title = info === null ? "" : `version ${info.version}, process ${info.pid}, since ${time(info.started)}`;
  const up = store.activeAlarms.length;
  byId("alarm-count").hidden = up === 0;
  setText(byId("alarm-count"), String(up));
  byId("alarm-count").setAttribute("aria-label", `${up} up`);
  const words = { connecting: "Connecting", live: "Live", lost: "Connection lost", refused: "Token needed" };
  setData(byId("connection"), "state", connection.state);
  setText(byId("connection-text"), words[connection.state]);
  byId("forget").hidden = !hasToken();
}

/// Once a second, too, for it has times that grow.
function showBanner() {
  const { state, since, why, retryAt } = store.connection;
  const pools = [...store.pools.values()];
  const drains = state === "live" && pools.length > 0 && pools.every(pool => pool.state !== "running");
  byId("banner").hidden = !(state === "lost" || state === "refused" || drains);
  byId("main").classList.toggle("stale", state === "lost" || state === "refused");
  if (byId("banner").hidden) {
    return;
  }
  setData(byId("banner"), "state", drains ? "drains" : state);
  const button = byId("banner-action");
  button.hidden = drains;
  if (drains) {
    setText(byId("banner-title"), "The engine is closing.");
    setText(byId("banner-text"), "Its pools take no more tasks, and finish those they have.");
  } else if (state === "refused") {
    setText(byId("banner-title"), hasToken() ? "The token is wrong." : "Token needed.");
    setText(byId("banner-text"), hasToken() ? "It is not the one of this server." : "This server shows nothing without its token.");
    setText(button, "Enter the token");
  } else {
    const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
    const soon = retryAt === null ? 0 : Math.ceil((retryAt - Date.now()) / 1000);
    setText(byId("banner-title"), `Connection lost since ${time(since)}`);
    setText(byId("banner-text"), `(${duration(seconds)}): ${why}. What you see is from then. ${soon > 0 ? `Trying again in ${soon} s.` : "Trying again."}`);
    setText(button, "Try now");
  }
}

onChange(topics => {
  if (topics.has("unknown")) {
    look();
  }
  showHead();
  showTitle();
  showBanner();
  if (!document.hidden) {
    view.update(topics);
  }
});

addEventListener("hashchange", () => show(true));
document.addEventListener("visibilitychange", () => document.hidden || view.update(ALL));
document.addEventListener("themechange", () => requestAnimationFrame(() => view.update(ALL)));
document.addEventListener("tokenchange", () => {
  showHead();
  if (store.connection.state === "refused" && hasToken()) {
    retry();
  }
});
byId("skip").addEventListener("click", () => byId("main").focus());
byId("forget").addEventListener("click", forgetToken);
byId("banner-action").addEventListener("click", () => (store.connection.state === "refused" ? enterToken() : retry()));
setInterval(showBanner, 1_000);
showHead();
show(false);
connect();
