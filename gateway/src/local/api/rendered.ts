/** Parts of an answer that are JSON text already: what is large and seldom changes is not made again for each request. */

/** JSON text that goes into an answer as it is; in pieces, so that a large answer is put together once and not at each level. */
export class Rendered {
  readonly pieces: readonly string[];

  constructor(pieces: readonly string[]) {
    this.pieces = pieces;
  }

  get text(): string {
    return this.pieces.join('');
  }
}

/** An object whose values are plain, or rendered. */
export function renderObject(
  fields: Readonly<Record<string, unknown>>
): Rendered {
  const pieces: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    // Like JSON.stringify, which gives nothing for it.
    if (value !== undefined) {
      pieces.push(pieces.length === 0 ? '{' : ',', JSON.stringify(name), ':');
      append(pieces, value);
    }
  }
  pieces.push(pieces.length === 0 ? '{}' : '}');
  return new Rendered(pieces);
}

export function renderList(items: readonly Rendered[]): Rendered {
  const pieces = ['['];
  items.forEach((item, index) => {
    if (index > 0) {
      pieces.push(',');
    }
    append(pieces, item);
  });
  pieces.push(']');
  return new Rendered(pieces);
}

function append(pieces: string[], value: unknown): void {
  if (value instanceof Rendered) {
    for (const piece of value.pieces) {
      pieces.push(piece);
    }
  } else {
    pieces.push(JSON.stringify(value));
  }
}
