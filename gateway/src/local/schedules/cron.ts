/**
 * Cron expressions as robfig/cron v1.2 reads them: `sec min hour dom month [dow]`, descriptors and `@every`.
 * Five fields are read from the seconds on, as the API server does.
 */

/** Why a text is no schedule, in robfig/cron's words. */
export class CronError extends Error {}

/** A schedule: the next time after a moment, in milliseconds; `undefined` when there is none within five years. */
export type Schedule = (after: number) => number | undefined;

interface Field {
  readonly values: ReadonlySet<number>;
  /** Written as `*` or `?`. */
  readonly any: boolean;
}

const BOUNDS = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6]
] as const;

const NAMES: readonly (readonly string[])[] = [
  [],
  [],
  [],
  [],
  [
    '',
    'jan',
    'feb',
    'mar',
    'apr',
    'may',
    'jun',
    'jul',
    'aug',
    'sep',
    'oct',
    'nov',
    'dec'
  ],
  ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
];

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *'
};

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1
};

const YEARS_AHEAD = 5;

/** Read an expression. `zone` is an IANA name. Throws `CronError`. */
export function parseCron(text: string, zone = 'UTC'): Schedule {
  if (text === '') {
    throw new CronError('Empty spec string');
  }
  if (text.startsWith('@every ')) {
    return every(text.slice('@every '.length), text);
  }
  if (text.startsWith('@')) {
    const known = Object.hasOwn(DESCRIPTORS, text)
      ? DESCRIPTORS[text]
      : undefined;
    if (known === undefined) {
      throw new CronError(`Unrecognized descriptor: ${text}`);
    }
    return parseCron(known, zone);
  }
  const parts = text.split(/\s+/).filter(part => part !== '');
  if (parts.length < 5 || parts.length > 6) {
    throw new CronError(
      `Expected 5 to 6 fields, found ${parts.length}: ${text}`
    );
  }
  const fields = BOUNDS.map((_, index) =>
    parseField(parts[index] ?? '*', index)
  );
  return after => next(fields, after, zone);
}

function every(duration: string, text: string): Schedule {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  const length = parts.reduce((sum, part) => sum + part[0].length, 0);
  if (parts.length === 0 || length !== duration.length) {
    throw new CronError(`Failed to parse duration ${text}: invalid duration`);
  }
  const total = parts.reduce(
    (sum, part) => sum + Number(part[1]) * (UNITS[part[2] ?? ''] ?? 0),
    0
  );
  // Whole seconds, at least one.
  const step = Math.max(1000, Math.floor(total / 1000) * 1000);
  return after => Math.floor(after / 1000) * 1000 + step;
}

function parseField(text: string, index: number): Field {
  const values = new Set<number>();
  let any = false;
  for (const part of text.split(',').filter(item => item !== '')) {
    any = parseRange(part, index, values) || any;
  }
  return { values, any };
}

function parseRange(part: string, index: number, into: Set<number>): boolean {
  const [min, max] = BOUNDS[index] ?? [0, 0];
  const [range = '', step, ...more] = part.split('/');
  const [low = '', high, ...rest] = range.split('-');
  if (more.length > 0) {
    throw new CronError(`Too many slashes: ${part}`);
  }
  let from: number = min;
  let to: number = max;
  const any = low === '*' || low === '?';
  if (!any) {
    if (rest.length > 0) {
      throw new CronError(`Too many hyphens: ${part}`);
    }
    from = parseNumber(low, index);
    to = high === undefined ? from : parseNumber(high, index);
  }
  const by = step === undefined ? 1 : parseNumber(step, 0);
  if (step !== undefined && high === undefined && !any) {
    to = max;
  }
  if (from < min) {
    throw new CronError(
      `Beginning of range (${from}) below minimum (${min}): ${part}`
    );
  }
  if (to > max) {
    throw new CronError(`End of range (${to}) above maximum (${max}): ${part}`);
  }
  if (from > to) {
    throw new CronError(
      `Beginning of range (${from}) beyond end of range (${to}): ${part}`
    );
  }
  if (by === 0) {
    throw new CronError(`Step of range should be a positive number: ${part}`);
  }
  for (let value = from; value <= to; value += by) {
    into.add(value);
  }
  return any;
}

function parseNumber(text: string, index: number): number {
  const named = NAMES[index]?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0 && text !== '') {
    return named;
  }
  if (!/^\d+$/.test(text)) {
    throw new CronError(
      `Failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
    );
  }
  return Number(text);
}

interface Parts {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
}

/** Go forward in the largest steps that cannot pass a match; hours and days by the clock of the zone. */
function next(
  fields: readonly Field[],
  after: number,
  zone: string
): number | undefined {
  const has = (index: number, value: number) =>
    fields[index]?.values.has(value) === true;
  const limit = after + YEARS_AHEAD * 366 * 86_400_000;
  let at = Math.floor(after / 1000) * 1000 + 1000;
  while (at <= limit) {
    const time = partsOf(at, zone);
    if (!has(4, time.month) || !dayMatches(fields, time)) {
      // To the next midnight of the zone; an hour at a time where the clocks change.
      const left = 86_400_000 - sinceMidnight(time);
      const jump = at + left;
      at =
        partsOf(jump, zone).hour === 0 ? jump : at + Math.min(left, 3_600_000);
    } else if (!has(2, time.hour)) {
      at += 3_600_000 - (time.minute * 60 + time.second) * 1000;
    } else if (!has(1, time.minute)) {
      at += 60_000 - time.second * 1000;
    } else if (!has(0, time.second)) {
      at += 1000;
    } else {
      return at;
    }
  }
  return undefined;
}

/** With both days given either is enough; with a star in one of them both must fit. */
function dayMatches(fields: readonly Field[], time: Parts): boolean {
  const [day, weekday] = [fields[3], fields[5]];
  const dayFits = day?.values.has(time.day) === true;
  const weekdayFits = weekday?.values.has(time.weekday) === true;
  return day?.any === true || weekday?.any === true
    ? dayFits && weekdayFits
    : dayFits || weekdayFits;
}

function sinceMidnight(time: Parts): number {
  return ((time.hour * 60 + time.minute) * 60 + time.second) * 1000;
}

function partsOf(at: number, zone: string): Parts {
  const shifted = new Date(zone === 'UTC' ? at : at + offsetOf(at, zone));
  return {
    second: shifted.getUTCSeconds(),
    minute: shifted.getUTCMinutes(),
    hour: shifted.getUTCHours(),
    day: shifted.getUTCDate(),
    month: shifted.getUTCMonth() + 1,
    weekday: shifted.getUTCDay()
  };
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that the zone's clock is ahead of UTC. */
function offsetOf(at: number, zone: string): number {
  let format = FORMATS.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      timeZoneName: 'longOffset'
    });
    FORMATS.set(zone, format);
  }
  const name =
    format.formatToParts(at).find(part => part.type === 'timeZoneName')
      ?.value ?? 'GMT';
  const found = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  if (found === null) {
    return 0;
  }
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === '-' ? -minutes : minutes) * 60_000;
}
