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
  return Number.isInteger(value)
    ? String(value)
    : String(Number(value.toPrecision(6)));
}
