// Times as people read them.

const AT = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const ON = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The hour of today, or the date with it. */
export function moment(date) {
  return date.toDateString() === new Date().toDateString() ? AT.format(date) : ON.format(date);
}

/** How long until `date`: "59 min", "40 s", "over". */
export function left(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  if (seconds <= 0) return "over";
  if (seconds < 90) return `${seconds} s`;
  return seconds < 90 * 60 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Calls `tick` now and every second while the page is in view. Returns what stops it. */
export function everySecond(tick) {
  tick();
  const timer = setInterval(() => document.hidden || tick(), 1000);
  return () => clearInterval(timer);
}
