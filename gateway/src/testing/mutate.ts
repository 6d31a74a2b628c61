/** For tests: a seeded mutator of JSON values and texts. */

/** Values that nobody expects anywhere. */
const ODD: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1.5,
  1e308,
  true,
  [],
  {},
  [[[]]],
  'x'.repeat(5000),
  '../../etc',
  '\u0000',
  '💥',
  '{{$.x}}',
  { __proto__x: 1 },
  JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')
];

/** mulberry32: the same numbers for the same seed. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Replace, remove, rename or double one part somewhere inside. */
export function mutate(value: unknown, random: () => number): unknown {
  const odd = ODD[Math.floor(random() * ODD.length)];
  if (typeof value !== 'object' || value === null || random() < 0.08) {
    return odd;
  }
  if (Array.isArray(value)) {
    const at = Math.floor(random() * value.length);
    return random() < 0.2
      ? [...value, ...value]
      : value.map((item: unknown, index) =>
          index === at ? mutate(item, random) : item
        );
  }
  const entries: [string, unknown][] = Object.entries(value);
  const at = Math.floor(random() * entries.length);
  const kind = random();
  return Object.fromEntries(
    entries.flatMap(([key, item], index): [string, unknown][] => {
      if (index !== at) {
        return [[key, item]];
      }
      if (kind < 0.1) {
        return [];
      }
      if (kind < 0.2) {
        return [[`${key}x`, item]];
      }
      return [[key, mutate(item, random)]];
    })
  );
}

export function damage(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  return random() < 0.5
    ? text.slice(0, at)
    : `${text.slice(0, at)}${'{}[]",:\\\u0001'.charAt(Math.floor(random() * 9))}${text.slice(at + 1)}`;
}
