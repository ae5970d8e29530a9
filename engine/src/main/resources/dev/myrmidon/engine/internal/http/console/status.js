// How a pool does, in one word, and how much it needs somebody to look.

import { percent, plural, rate } from "./format.js";

/// `level`: 3 needs somebody, 2 may soon, 1 works, 0 rests. `word` is shown; `why` is a sentence.
export function statusOf(pool, sample, alarms) {
  if (pool.state !== "running") {
    return { level: 2, word: pool.state, why: "It takes no more tasks." };
  }
  if (alarms.length > 0) {
    return { level: 3, word: "alarm", why: alarms.map(alarm => alarm.alarm).join(", ") };
  }
  if (sample !== null && sample.rejected > 0) {
    return { level: 3, word: "rejecting", why: `${rate(sample.rejected / sample.interval)} are refused` };
  }
  if (pool.paused) {
    return { level: 2, word: "paused", why: "It accepts tasks and starts none." };
  }
  if (sample === null) {
    return pool.running > 0
      ? { level: 1, word: "working", why: "" }
      : { level: 0, word: "idle", why: "There is no sample yet." };
  }
  if (sample.overdue > 0) {
    return { level: 2, word: "overdue", why: `${plural(sample.overdue, "task")} timed out and run on` };
  }
  if (sample.ended >= 5 && sample.failure_rate > 0.05) {
    return { level: 2, word: "failing", why: `${percent(sample.failure_rate)} of its tasks fail` };
  }
  if (sample.capacity > 0 && sample.running >= sample.capacity && sample.queued + sample.waiting > 0) {
    return { level: 2, word: "saturated", why: "All slots are taken, and tasks wait." };
  }
  return sample.running > 0 || sample.ended > 0
    ? { level: 1, word: "working", why: "" }
    : { level: 0, word: "idle", why: "" };
}
