// Keeps the page up to date: the state of all, then what happens, and from the beginning when the connection was lost.

import { Problem, get, reason } from "./api.js";
import { announce } from "./announce.js";
import { changed, setAlarms, setAudit, setPools, setSamples, setTotals, store, take } from "./store.js";
import { listen } from "./stream.js";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;
/// For how long a page that nobody sees keeps its connection: a browser has six of them for a server.
const HIDDEN = 60_000;
/// Between looks at all pools, for what samples don't tell.
const LOOK = 5_000;

let wake = () => {};
let stream = new AbortController();

/// Goes on for as long as the page does.
export async function connect() {
  let failures = 0;
  setInterval(lookIfLive, LOOK);
  watchVisibility();
  addEventListener("online", () => wake());
  for (;;) {
    stream = new AbortController();
    try {
      await listen(stream.signal, async () => {
        await loadAll();
        failures = 0;
        found();
      }, take);
    } catch (error) {
      if (stream.signal.aborted && document.hidden) {
        await new Promise(resolve => (wake = resolve));
        continue;
      }
      failures++;
      lost(error);
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)) * (0.8 + 0.4 * Math.random());
      store.connection.retryAt = error instanceof Problem && error.status === 401 ? null : Date.now() + pause;
      changed("connection");
      await new Promise(resolve => {
        wake = resolve;
        if (store.connection.retryAt !== null) {
          setTimeout(resolve, pause);
        }
      });
    }
  }
}

/// Tries again now, not later.
export function retry() {
  wake();
}

async function loadAll() {
  store.series.clear();
  const [info, pools, samples, alarms, audit, totals] = await Promise.all([
    get("/api/info"), get("/api/pools"), get("/api/samples"), get("/api/alarms"), get("/api/audit"),
    get("/api/history")]);
  if (store.info !== null && info.version !== store.info.version) {
    location.reload(); // the server was upgraded, and this page is of the old version
  }
  if (info.started !== store.info?.started) {
    store.samples.clear();
    store.steps.clear();
  }
  store.info = info;
  setPools(pools.pools);
  setSamples(samples.samples);
  setAlarms(alarms);
  setAudit(audit);
  setTotals(totals);
  changed("info");
}

let looking = false;

/// Looks at all pools once more.
export async function look() {
  if (looking) {
    return;
  }
  looking = true;
  try {
    setPools((await get("/api/pools")).pools);
  } catch {
    // the stream notices if the connection is lost
  } finally {
    looking = false;
  }
}

function lookIfLive() {
  if (store.connection.state === "live" && !document.hidden) {
    look();
  }
}

function found() {
  if (store.connection.state === "lost") {
    announce("Connected again.");
  }
  store.connection = { state: "live", since: null, why: "", retryAt: null };
  changed("connection");
}

function lost(error) {
  const refused = error instanceof Problem && error.status === 401;
  const before = store.connection;
  const state = refused ? "refused" : "lost";
  if (before.state !== state) {
    announce(refused ? "The server asks for its token." : "Connection lost.");
  }
  store.connection = { state, since: before.since ?? Date.now(), why: reason(error), retryAt: null };
}

function watchVisibility() {
  let timer;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(() => stream.abort(), HIDDEN);
    } else {
      wake();
    }
  });
}
