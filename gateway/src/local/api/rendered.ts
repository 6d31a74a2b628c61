/** Parts of an answer that are JSON text already: what is large and seldom changes is not made again for each request. */

/** JSON text that goes into an answer as it is. */
export class Rendered {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An object whose values are plain, or rendered. */
export function renderObject(
  fields: Readonly<Record<string, unknown>>
): Rendered {
  const members: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    // Like JSON.stringify, which gives `undefined` for it.
    if (value !== undefined) {
      members.push(
        `${JSON.stringify(name)}:${value instanceof Rendered ? value.text : JSON.stringify(value)}`
      );
    }
  }
  return new Rendered(`{${members.join(',')}}`);
}

export function renderList(items: readonly Rendered[]): Rendered {
  return new Rendered(`[${items.map(item => item.text).join(',')}]`);
}
