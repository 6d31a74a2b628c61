/**
 * Texts of unknown length and content brought into the limits of a payload.
 */

/** Half characters: no text file can hold them, and a notebook with one in it cannot be saved. */
const HALVES =
  /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Everything that ends a line or is no character to read; bidirectional overrides could make a line lie. */
const UNREADABLE =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Terminal escapes: colours, cursor moves, titles. */
const ESCAPES =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])/g;

/** Cut to `limit` UTF-16 units, the mark of the cut among them. */
export function cut(text: string, limit: number): string {
  const whole =
    text.length <= limit ? text : `${text.slice(0, Math.max(0, limit - 1))}…`;
  return whole.replace(/[\ud800-\udbff]…$/, '…').replace(HALVES, '\ufffd');
}

/** One line without escapes and control characters, cut to `limit`. */
export function line(text: string, limit: number): string {
  // Cut twice: what is far beyond the limit need not be cleaned.
  return cut(
    text
      .slice(0, limit * 8)
      .replace(ESCAPES, '')
      .replace(UNREADABLE, ' ')
      .trim(),
    limit
  );
}

/** A line of a log: as `line`, but the blanks at its start stay. */
export function logLine(text: string, limit: number): string {
  return cut(
    text
      .slice(0, limit * 8)
      .replace(ESCAPES, '')
      .replaceAll('\t', '    ')
      .replace(UNREADABLE, ' ')
      .trimEnd(),
    limit
  );
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A pair makes 4 bytes; each half counts 2. Lone halves count too little, but `cut` leaves none.
    bytes +=
      code < 0x80
        ? 1
        : code < 0x800 || (code >= 0xd800 && code <= 0xdfff)
          ? 2
          : 3;
  }
  return bytes;
}
