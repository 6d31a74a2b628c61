/**
 * Times and durations as people and payloads read them. All of it is UTC and without locale.
 */

/** The first moment that counts as a time: services send 1970 or year 1 for "none". */
const EARLIEST = Date.UTC(1971, 0, 1);

/** Milliseconds of an RFC 3339 text; undefined for a missing, broken, epoch or year-1 time. */
export function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isFinite(time) && time >= EARLIEST ? time : undefined;
}

/** `<1s`, `12s`, `3m 12s`, `2h 5m`, `3d 4h`. Seconds are cut, not rounded; less than one is never called nothing. */
export function durationText(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  if (total < 1) {
    return '<1s';
  }
  if (total < 60) {
    return `${total}s`;
  }
  const minutes = Math.floor(total / 60);
  if (minutes < 60) {
    return pair(minutes, 'm', total % 60, 's');
  }
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? pair(hours, 'h', minutes % 60, 'm')
    : pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Whole seconds between two times; `end` absent = `now` (milliseconds). Undefined without a start, or without any end. */
export function secondsBetween(
  start: string | undefined,
  end: string | undefined,
  now?: number
): number | undefined {
  const from = timeOf(start);
  const to = timeOf(end) ?? now;
  return from === undefined || to === undefined || !(to > 0)
    ? undefined
    : Math.max(0, Math.floor(to / 1000) - Math.floor(from / 1000));
}

/** RFC 3339 UTC with whole seconds; undefined where there is no time. */
export function wholeSeconds(text: string | undefined): string | undefined {
  const time = timeOf(text);
  return time === undefined
    ? undefined
    : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** `2026-11-23 12:00:00 UTC`. */
export function utcText(text: string | undefined): string | undefined {
  return wholeSeconds(text)?.replace('T', ' ').replace('Z', ' UTC');
}

function pair(a: number, unit: string, b: number, small: string): string {
  return b === 0 ? `${a}${unit}` : `${a}${unit} ${b}${small}`;
}
