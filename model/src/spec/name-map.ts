/**
 * Maps keyed by names that come from a document.
 *
 * They have no prototype, so a task called `constructor` or `__proto__` is a name like any other and a look-up of an absent name
 * is `undefined`.
 */

/** Build a map from entries; a repeated name keeps its last value. */
export function nameMap<T>(
  entries: Iterable<readonly [string, T]>
): Record<string, T> {
  const map = Object.create(null) as Record<string, T>;
  for (const [name, value] of entries) {
    map[name] = value;
  }
  return map;
}

/** Apply a function to every value of a map, keeping the order of the names. */
export function mapValues<T, U>(
  map: Readonly<Record<string, T>> | undefined,
  change: (value: T, name: string) => U
): Record<string, U> {
  return nameMap(
    Object.entries(map ?? {}).map(
      ([name, value]) => [name, change(value, name)] as const
    )
  );
}
