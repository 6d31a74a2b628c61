/** Length of a piece of UTF-8 without the beginning of a character whose rest is in the next piece; `last` = there is none. */
export function wholeCharacters(bytes: Buffer, last: boolean): number {
  if (last) {
    return bytes.length;
  }
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
    if (byte < 0x80) {
      break;
    }
  }
  return bytes.length;
}
