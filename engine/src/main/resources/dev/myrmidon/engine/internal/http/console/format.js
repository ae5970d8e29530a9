// Numbers as people read them, the same everywhere.

export const NONE = "–";
const NBSP = "\u00a0";

const digits = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

/// Three significant digits at most where there is a unit, without zeros at the end.
function short(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? trim(value.toFixed(1)) : trim(value.toFixed(2));
}

const trim = text => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/// 999, 1.2k, 34.0k, 6.7M.
export function count(value) {
  if (value === null || value === undefined) {
    return NONE;
  }
  const size = Math.abs(value);
  if (size < 999.5) {
    return trim(value.toFixed(size < 10 && size % 1 !== 0 ? 1 : 0));
  }
  const [unit, by] = size < 999_500 ? ["k", 1e3] : size < 999.5e6 ? ["M", 1e6] : ["G", 1e9];
  const scaled = value / by;
  return scaled.toFixed(scaled >= 100 ? 0 : 1) + unit;
}

/// All digits: 12,345.
export const exact = value => (value === null || value === undefined ? NONE : digits.format(value));

export const capacity = value => (value === -1 ? "∞" : count(value).replace(".0", ""));

export const capacityInWords = value => (value === -1 ? "unbounded" : exact(value));

/// 0/s, 0.4/s, 1.2k/s.
export function rate(value) {
  return value === null || value === undefined ? NONE : (value > 0 && value < 0.1 ? "<0.1" : count(value)) + "/s";
}

/// Of seconds: 340 µs, 3.4 ms, 1.2 s, 2 min 5 s, 3 h 12 min, 4 d 2 h.
export function duration(seconds) {
  if (seconds === null || seconds === undefined) {
    return NONE;
  }
  if (seconds === 0) {
    return "0" + NBSP + "s";
  }
  if (seconds < 0.9995e-3) {
    return short(seconds * 1e6) + NBSP + "µs";
  }
  if (seconds < 0.9995) {
    return short(seconds * 1e3) + NBSP + "ms";
  }
  if (seconds < 59.95) {
    return trim(seconds.toFixed(1)) + NBSP + "s";
  }
  const all = Math.round(seconds);
  const parts = [[Math.floor(all / 86400), "d"], [Math.floor(all / 3600) % 24, "h"], [Math.floor(all / 60) % 60, "min"], [all % 60, "s"]];
  const first = parts.findIndex(part => part[0] > 0);
  return parts.slice(first, first + 2).filter(part => part[0] > 0).map(part => part.join(NBSP)).join(" ");
}

export const percent = share => (share === null || share === undefined ? NONE : trim((share * 100).toFixed(share < 0.1 ? 1 : 0)) + NBSP + "%");

/// An instant, on this machine's clock; with the day unless it is today.
export function time(instant) {
  const date = new Date(instant);
  const today = date.toDateString() === new Date().toDateString();
  return today ? clock.format(date) : day.format(date) + " " + clock.format(date);
}

export const plural = (number, one, many = one + "s") => `${exact(number)} ${number === 1 ? one : many}`;

/// A value of an alarm, in its unit.
export function inUnit(value, unit) {
  switch (unit) {
    case "share": return percent(value);
    case "seconds": return duration(value);
    case "bytes": return bytes(value);
    default: return count(value);
  }
}

export function bytes(value) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return short(value / 1024 ** power) + NBSP + units[power];
}
