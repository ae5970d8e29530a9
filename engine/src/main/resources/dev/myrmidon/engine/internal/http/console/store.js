// What is known of the engine. Whoever shows something of it is told what has changed, a few times a second at most.

import { announce } from "./announce.js";
import { Series, SeriesCache, pointOf } from "./series.js";

const MOST_EVENTS = 1_000;
const MOST_AT_ONCE = 20;
const PAUSE = 250;
const SHORTEST = 60;

export const store = {
  info: null,
  pools: new Map(),
  samples: new Map(),
  activeAlarms: [],
  recentAlarms: [],
  audit: [],
  steps: new Map(),
  totals: null, // a Series
  quiet: true, // nothing was ever submitted
  clock: 0, // of the server, in seconds: the time of its newest sample
  connection: { state: "connecting", since: null, why: "", retryAt: null },
  series: new SeriesCache(() => changed("series")),
};

let listener = () => {};
let topics = new Set();
let timer = null;
let lastFlush = 0;

/// Has one listener: the page.
export function onChange(own) {
  listener = own;
}

/// Notes that something has changed.
export function changed(topic) {
  topics.add(topic);
  if (timer === null) {
    // A page that nobody sees has no frames, and still a title.
    timer = setTimeout(() => (document.hidden ? flush() : requestAnimationFrame(flush)), Math.max(0, lastFlush + PAUSE - performance.now()));
  }
}

function flush() {
  timer = null;
  lastFlush = performance.now();
  const now = topics;
  topics = new Set();
  if (now.has("samples")) {
    addTotals();
  }
  listener(now);
}

/// The time that a chart of a series spans, in seconds: of an engine that has just begun, what there is of it.
export function rangeOf(series) {
  const end = store.clock;
  const first = store.totals?.at[0] ?? end;
  return { from: Math.max(end - series.span, Math.min(first, end - SHORTEST)), end };
}

export const alarmsOf = pool => store.activeAlarms.filter(alarm => alarm.pool === pool);

/// A pool with what the newest sample says, which is newer than the last look at all pools.
export function current(name) {
  const pool = store.pools.get(name);
  const sample = store.samples.get(name);
  return sample === undefined ? pool : { ...pool, ...pick(sample) };
}

const pick = ({ state, capacity, running, queued, waiting, queue_capacity, overdue }) =>
  ({ state, capacity, running, queued, waiting, queue_capacity, overdue });

export function setPools(pools) {
  store.pools = new Map(pools.map(pool => [pool.name, pool]));
  store.quiet = pools.every(pool => pool.submitted === 0 && pool.waiting === 0);
  for (const name of store.samples.keys()) {
    if (!store.pools.has(name)) {
      store.samples.delete(name);
      store.series.forget(name);
    }
  }
  changed("pools");
}

export function setPool(pool) {
  store.pools.set(pool.name, pool);
  const sample = store.samples.get(pool.name);
  if (sample !== undefined) {
    store.samples.set(pool.name, { ...sample, ...pick(pool) });
  }
  changed("pools");
}

/// The latest ones, until the stream has others: the first of those may be a minute away.
export function setSamples(samples) {
  for (const sample of samples) {
    const known = store.samples.get(sample.pool);
    if (store.pools.has(sample.pool) && (known === undefined || Date.parse(known.at) < Date.parse(sample.at))) {
      store.samples.set(sample.pool, sample);
    }
  }
  changed("samples");
}

export function setTotals(history) {
  store.totals = new Series(history);
  store.clock = history.at.at(-1) ?? Date.now() / 1000;
  changed("samples");
}

export function setAlarms({ active, recent }) {
  store.activeAlarms = active;
  store.recentAlarms = recent;
  changed("alarms");
}

export function setAudit({ entries }) {
  store.audit = entries;
  changed("audit");
}

/// Takes an event of the stream.
export function take(type, data) {
  switch (type) {
    case "sample":
      store.samples.set(data.pool, data);
      store.quiet &&= data.submitted === 0;
      store.series.add(data.pool, pointOf(data));
      store.clock = Math.max(store.clock, Date.parse(data.at) / 1000);
      changed("samples");
      if (!store.pools.has(data.pool)) {
        changed("unknown");
      }
      break;
    case "gone":
      store.pools.delete(data.pool);
      store.samples.delete(data.pool);
      store.series.forget(data.pool);
      changed("pools");
      changed("unknown"); // the engine may be closing, which the others' states tell
      break;
    case "scaling":
      store.steps.set(data.pool, withNew(store.steps.get(data.pool) ?? [], data));
      changed("scaling");
      break;
    case "alarm":
      takeAlarm(data);
      break;
    case "audit":
      store.audit = withNew(store.audit, data);
      changed("audit");
      changed("unknown"); // what was paused or resumed is told by the pools alone
      break;
    default:
      break; // of a newer server
  }
}

/// What happened while the list was asked for is in it, and comes as an event, too.
function withNew(events, event) {
  const text = JSON.stringify(event);
  const isKnown = events.slice(-MOST_AT_ONCE).some(own => JSON.stringify(own) === text);
  return isKnown ? events : [...events, event].slice(-MOST_EVENTS);
}

function takeAlarm(event) {
  const others = store.activeAlarms.filter(alarm => alarm.alarm !== event.alarm || alarm.pool !== event.pool);
  store.activeAlarms = event.kind === "resolved" ? others : [...others, event];
  store.recentAlarms = withNew(store.recentAlarms, event);
  const where = event.pool === null ? "the JVM" : "pool " + event.pool;
  if (event.kind === "raised") {
    announce(`Alarm: ${event.alarm} of ${where}.`);
  } else if (event.kind === "resolved") {
    announce(`Alarm over: ${event.alarm} of ${where}.`);
  }
  changed("alarms");
}

function addTotals() {
  if (store.totals === null || store.samples.size === 0) {
    return;
  }
  const sum = { at: 0, interval: 0, running: 0, queued: 0, waiting: 0, arrivals: 0, throughput: 0, failures: 0, rejections: 0 };
  for (const sample of store.samples.values()) {
    sum.at = Math.max(sum.at, Date.parse(sample.at) / 1000);
    sum.interval = Math.max(sum.interval, sample.interval);
    sum.running += sample.running;
    sum.queued += sample.queued;
    sum.waiting += sample.waiting;
    sum.arrivals += sample.arrival_rate;
    sum.throughput += sample.throughput;
    sum.failures += sample.failed / sample.interval;
    sum.rejections += sample.rejected / sample.interval;
  }
  store.totals.put(sum);
}
