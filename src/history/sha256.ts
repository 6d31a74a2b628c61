/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the first 8. */
const { ROUND, START } = constants();

/**
 * SHA-256 of a text in UTF-8, as hex digits.
 *
 * #### Notes
 * The browser's own (`crypto.subtle`) is missing on pages that come by plain http from another machine, as behind many hubs.
 */
export function sha256(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const hash = Uint32Array.from(START);
  const w = new Uint32Array(64);
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0; i < 16; i += 1) {
      w[i] = view.getUint32(block * 64 + i * 4);
    }
    for (let i = 16; i < 64; i += 1) {
      const a = w[i - 15];
      const b = w[i - 2];
      w[i] =
        w[i - 16] +
        w[i - 7] +
        (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) +
        (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i += 1) {
      const one =
        h +
        (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
        ((e & f) ^ (~e & g)) +
        ROUND[i] +
        w[i];
      const two =
        (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
        ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [
        g,
        f,
        e,
        (d + one) >>> 0,
        c,
        b,
        a,
        (one + two) >>> 0
      ];
    }
    [a, b, c, d, e, f, g, h].forEach((part, i) => {
      hash[i] += part;
    });
  }
  return [...hash].map(part => part.toString(16).padStart(8, '0')).join('');
}

function turn(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

function constants(): { ROUND: Uint32Array; START: Uint32Array } {
  const round: number[] = [];
  const start: number[] = [];
  const part = (value: number): number =>
    Math.floor((value - Math.floor(value)) * 0x100000000);
  for (let n = 2; round.length < 64; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d += 1) {
      isPrime &&= n % d !== 0;
    }
    if (isPrime) {
      round.push(part(Math.cbrt(n)));
      start.push(part(Math.sqrt(n)));
    }
  }
  return {
    ROUND: Uint32Array.from(round),
    START: Uint32Array.from(start.slice(0, 8))
  };
}
