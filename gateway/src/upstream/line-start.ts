const LINE_FEED = 0x0a;

/**
 * Bytes to leave out at the start of the tail of a log, so that it begins with a whole line.
 *
 * @param tail - what was read from somewhere in the middle to the end.
 * @returns 0 where the tail is a part of one line: then that part is all there is to show.
 */
export function bytesToLineStart(tail: Uint8Array): number {
  const start = tail.indexOf(LINE_FEED) + 1;
  return start < tail.length ? start : 0;
}
