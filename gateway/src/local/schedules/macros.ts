/**
 * Macros in values of parameters, expanded once when a run is made (`backend/src/common/util/parameter_formatter.go` and
 * `util/parameter_v2.go`). Only text values that were supplied are looked at, never defaults of the pipeline.
 */
import type { Json } from 'jupyterlab-kfp-model';

/** What the macros stand for. Times in milliseconds. */
export interface MacroValues {
  readonly runId: string;
  readonly now: number;
  /** Only in runs that a schedule made, as `scheduledAt`. */
  readonly index?: number;
  readonly scheduledAt?: number;
}

const DEFAULT_LAYOUT = '20060102150405';
const BRACKETS = /\[\[([^[\]]*)\]\]/g;
const STRFTIME =
  /\{\{\$\.(currentTime|scheduledTime)\.strftime\('([^']*)'\)\}\}/g;

/** Expand the macros of all text values. */
export function expandMacros(
  parameters: Readonly<Record<string, Json>>,
  values: MacroValues
): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? expandText(value, values) : value
    ])
  );
}

/** Expand the macros of one text; unknown ones stay as they are. */
export function expandText(text: string, values: MacroValues): string {
  return text
    .replace(
      BRACKETS,
      (whole, inner: string) => bracket(inner, values) ?? whole
    )
    .replace(STRFTIME, (whole, time: string, format: string) => {
      const at = time === 'currentTime' ? values.now : values.scheduledAt;
      return at === undefined ? whole : strftime(format, at);
    });
}

function bracket(inner: string, values: MacroValues): string | undefined {
  if (inner === 'RunUUID') {
    return values.runId;
  }
  if (inner === 'Index') {
    return values.index === undefined ? undefined : String(values.index);
  }
  const dot = inner.indexOf('.');
  const name = dot < 0 ? inner : inner.slice(0, dot);
  const layout = dot < 0 ? DEFAULT_LAYOUT : inner.slice(dot + 1);
  const at =
    name === 'CurrentTime'
      ? values.now
      : name === 'ScheduledTime'
        ? values.scheduledAt
        : undefined;
  return at === undefined ? undefined : goFormat(layout, at);
}

/** The parts of a Go layout, longest first where one begins another. */
const GO_PART =
  /January|Jan|Monday|Mon|MST|2006|-07:00|-0700|Z07:00|Z0700|\.0+|\.9+|002|01|02|03|04|05|06|15|PM|pm|_2|1|2|3|4|5/g;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December'
];
const DAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday'
];

/** Write a time in UTC by a layout of Go's `time` package. */
export function goFormat(layout: string, at: number): string {
  const time = new Date(at);
  const month = MONTHS[time.getUTCMonth()] ?? '';
  const day = DAYS[time.getUTCDay()] ?? '';
  const hour = time.getUTCHours();
  return layout.replace(GO_PART, part => {
    switch (part) {
      case 'January':
        return month;
      case 'Jan':
        return month.slice(0, 3);
      case 'Monday':
        return day;
      case 'Mon':
        return day.slice(0, 3);
      case 'MST':
        return 'UTC';
      case '2006':
        return pad(time.getUTCFullYear(), 4);
      case '06':
        return pad(time.getUTCFullYear() % 100, 2);
      case '01':
        return pad(time.getUTCMonth() + 1, 2);
      case '1':
        return String(time.getUTCMonth() + 1);
      case '002':
        return pad(dayOfYear(time), 3);
      case '02':
        return pad(time.getUTCDate(), 2);
      case '_2':
        return String(time.getUTCDate()).padStart(2, ' ');
      case '2':
        return String(time.getUTCDate());
      case '15':
        return pad(hour, 2);
      case '03':
        return pad(hour % 12 || 12, 2);
      case '3':
        return String(hour % 12 || 12);
      case '04':
        return pad(time.getUTCMinutes(), 2);
      case '4':
        return String(time.getUTCMinutes());
      case '05':
        return pad(time.getUTCSeconds(), 2);
      case '5':
        return String(time.getUTCSeconds());
      case 'PM':
        return hour < 12 ? 'AM' : 'PM';
      case 'pm':
        return hour < 12 ? 'am' : 'pm';
      case '-07:00':
        return '+00:00';
      case '-0700':
        return '+0000';
      case 'Z07:00':
      case 'Z0700':
        return 'Z';
      default:
        return fraction(part, time.getUTCMilliseconds());
    }
  });
}

function fraction(part: string, milliseconds: number): string {
  const digits = (pad(milliseconds, 3) + '000000').slice(0, part.length - 1);
  if (part.startsWith('.0')) {
    return `.${digits}`;
  }
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : `.${trimmed}`;
}

/** Write a time in UTC by strftime's letters. */
export function strftime(format: string, at: number): string {
  const time = new Date(at);
  return format.replace(/%(.)/g, (whole, letter: string) => {
    switch (letter) {
      case 'Y':
        return pad(time.getUTCFullYear(), 4);
      case 'y':
        return pad(time.getUTCFullYear() % 100, 2);
      case 'm':
        return pad(time.getUTCMonth() + 1, 2);
      case 'd':
        return pad(time.getUTCDate(), 2);
      case 'e':
        return String(time.getUTCDate()).padStart(2, ' ');
      case 'H':
        return pad(time.getUTCHours(), 2);
      case 'I':
        return pad(time.getUTCHours() % 12 || 12, 2);
      case 'M':
        return pad(time.getUTCMinutes(), 2);
      case 'S':
        return pad(time.getUTCSeconds(), 2);
      case 'p':
        return time.getUTCHours() < 12 ? 'AM' : 'PM';
      case 'j':
        return pad(dayOfYear(time), 3);
      case 'B':
        return MONTHS[time.getUTCMonth()] ?? '';
      case 'b':
      case 'h':
        return (MONTHS[time.getUTCMonth()] ?? '').slice(0, 3);
      case 'A':
        return DAYS[time.getUTCDay()] ?? '';
      case 'a':
        return (DAYS[time.getUTCDay()] ?? '').slice(0, 3);
      case 'F':
        return strftime('%Y-%m-%d', at);
      case 'T':
        return strftime('%H:%M:%S', at);
      case 'Z':
        return 'UTC';
      case 'z':
        return '+0000';
      case '%':
        return '%';
      default:
        return whole;
    }
  });
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function dayOfYear(time: Date): number {
  return (
    Math.floor(
      (Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()) -
        Date.UTC(time.getUTCFullYear(), 0, 1)) /
        86_400_000
    ) + 1
  );
}
