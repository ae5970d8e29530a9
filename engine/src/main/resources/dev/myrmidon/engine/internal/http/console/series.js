// What charts draw: lists of numbers over the last 15 minutes, first from the server's history, then from live samples.

import { get } from "./api.js";

export const SPAN = 900;
const GAUGES = ["running", "queued", "waiting", "run_p50", "run_p99", "wait_p50", "wait_p99"];
const RATES = ["arrivals", "throughput", "failures", "rejections"];
const COLUMNS = ["capacity", ...GAUGES, ...RATES];

/// The numbers of a sample under the names of the history.
export function pointOf(sample) {
  const busy = latencies => (latencies !== null && latencies.count > 0 ? latencies : {});
  const runs = busy(sample.runs);
  const waits = busy(sample.waits);
  return {
    at: Date.parse(sample.at) / 1000,
    interval: sample.interval,
    capacity: sample.capacity,
    running: sample.running,
    queued: sample.queued,
    waiting: sample.waiting,
    arrivals: sample.arrival_rate,
    throughput: sample.throughput,
    failures: sample.failed / sample.interval,
    rejections: sample.rejected / sample.interval,
    run_p50: runs.p50 ?? null,
    run_p99: runs.p99 ?? null,
    wait_p50: waits.p50 ?? null,
    wait_p99: waits.p99 ?? null,
  };
}

export class Series {
  constructor(history) {
    this.step = history.step;
    this.at = history.at;
    this.columns = {};
    for (const name of COLUMNS) {
      this.columns[name] = history[name] ?? history.at.map(() => null);
    }
    this.seconds = 0; // of the samples in the last step that came live
  }

  get length() {
    return this.at.length;
  }

  last(name) {
    return this.length === 0 ? null : this.columns[name][this.length - 1];
  }

  /// How far back a chart goes: further where samples are rare.
  get span() {
    return Math.max(SPAN, 30 * this.step);
  }

  /// Takes a point. Within a step peaks stay and rates are means, as in the server's history.
  add(point) {
    const end = this.length - 1;
    if (end >= 0 && point.at <= this.at[end]) {
      return; // the history had it already
    }
    if (end >= 0 && this.#isStepOf(this.at[end], point.at)) {
      this.#merge(end, point);
      return;
    }
    this.at.push(point.at);
    for (const name of COLUMNS) {
      this.columns[name].push(point[name] ?? null);
    }
    this.seconds = point.interval;
    this.#forget(point.at - this.span);
  }

  /// Takes a point in place of the one of the same step.
  put(point) {
    const end = this.length - 1;
    if (end >= 0 && this.#isStepOf(this.at[end], point.at)) {
      this.at[end] = point.at;
      COLUMNS.forEach(name => (this.columns[name][end] = point[name] ?? null));
    } else {
      this.add(point);
    }
  }

  #isStepOf(one, other) {
    return Math.floor(one / this.step) === Math.floor(other / this.step);
  }

  #merge(end, point) {
    this.at[end] = point.at;
    this.columns.capacity[end] = point.capacity;
    for (const name of GAUGES) {
      this.columns[name][end] = Math.max(this.columns[name][end] ?? 0, point[name] ?? 0);
    }
    const before = this.seconds || this.step;
    for (const name of RATES) {
      this.columns[name][end] = (this.columns[name][end] * before + point[name] * point.interval) / (before + point.interval);
    }
    this.seconds = before + point.interval;
  }

  #forget(before) {
    let gone = 0;
    while (gone < this.length && this.at[gone] < before) {
      gone++;
    }
    if (gone > 0) {
      this.at.splice(0, gone);
      COLUMNS.forEach(name => this.columns[name].splice(0, gone));
    }
  }
}

/// The series of pools that are looked at, each fetched when it is first wanted, some at a time.
export class SeriesCache {
  #series = new Map();
  #wanted = new Map();
  #fetching = 0;
  #generation = 0;

  constructor(changed) {
    this.changed = changed;
  }

  /// Null until it has come.
  of(pool) {
    const series = this.#series.get(pool);
    if (series === undefined && !this.#wanted.has(pool)) {
      this.#wanted.set(pool, false);
      this.#fetch();
    }
    return series ?? null;
  }

  add(pool, point) {
    this.#series.get(pool)?.add(point);
  }

  forget(pool) {
    this.#series.delete(pool);
  }

  /// After a gap all have to be fetched again.
  clear() {
    this.#generation++;
    this.#series.clear();
    this.#wanted.clear();
  }

  /// What isn't seen any more needs not be fetched.
  keepWanted(isWanted) {
    for (const [pool, begun] of this.#wanted) {
      if (!begun && !isWanted(pool)) {
        this.#wanted.delete(pool);
      }
    }
  }

  async #fetch() {
    if (this.#fetching >= 3) {
      return;
    }
    const next = [...this.#wanted].find(([, begun]) => !begun);
    if (next === undefined) {
      return;
    }
    const pool = next[0];
    const generation = this.#generation;
    this.#wanted.set(pool, true);
    this.#fetching++;
    try {
      const history = await get("/api/history?pool=" + encodeURIComponent(pool));
      if (generation === this.#generation) {
        this.#series.set(pool, new Series(history));
        this.#wanted.delete(pool);
        this.changed();
      }
    } catch {
      // Asked for again after a while: it is gone, or the connection is lost, which others tell.
      setTimeout(() => generation === this.#generation && this.#wanted.delete(pool), 5_000);
    } finally {
      this.#fetching--;
      this.#fetch();
    }
    this.#fetch();
  }
}
