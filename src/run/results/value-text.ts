/** Characters of a value on one line. */
const SHORT = 80;

/** A parameter value on one line: text without quotes, numbers rounded for reading, anything else as JSON. */
export function shortValue(json: string | undefined): string {
  if (json === undefined) {
    return '';
  }
  const value = parsed(json);
  const text =
    typeof value === 'string'
      ? value
      : typeof value === 'number'
        ? readable(value)
        : json;
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}

/** A JSON text as a value; the text itself when it is cut or broken. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json; // cut at a limit, so it is shown as it stands
  }
}

/** A number with at most six significant digits after the point, never changed when it is an integer. */
export function readable(value: number): string {
  if (Math.abs(value) === Infinity) {
    return value < 0 ? '−∞' : '∞';
  }
  return Number.isInteger(value)
    ? String(value)
    : String(Number(value.toPrecision(6)));
}

/** The beginning of a list or an object as text; reads no more of it than that. */
export function preview(value: object, room: number): string {
  const out: string[] = [];
  let left = room;
  const put = (text: string): boolean => {
    out.push(text);
    left -= text.length;
    return left > 0;
  };
  const write = (item: unknown): boolean => {
    if (typeof item === 'string') {
      return put(JSON.stringify(item.slice(0, left)));
    }
    if (typeof item !== 'object' || item === null) {
      return put(typeof item === 'number' ? readable(item) : String(item));
    }
    const isList = Array.isArray(item);
    let goesOn = put(isList ? '[' : '{');
    let isFirst = true;
    for (const key in item) {
      if (!goesOn) {
        return false;
      }
      goesOn =
        (isFirst || put(', ')) &&
        (isList || put(`${key.slice(0, left)}: `)) &&
        write((item as Readonly<Record<string, unknown>>)[key]);
      isFirst = false;
    }
    return goesOn && put(isList ? ']' : '}');
  };
  write(value);
  const text = out.join('');
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
