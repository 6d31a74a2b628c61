/**
 * JSON with positions: request bodies are read twice by the API server, first by Go's `encoding/json` and then by protojson, and both
 * name what they met. Here one reader serves both sets of words.
 */

/** A JSON value that remembers where it stood. */
export type JsonNode = { readonly at: number } & (
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** Numbers keep their text: protojson reads integers from it. */
  | { readonly kind: 'number'; readonly raw: string }
  | { readonly kind: 'string'; readonly value: string; readonly raw: string }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
);

export interface JsonMember {
  readonly name: string;
  /** As written, with its quotes. */
  readonly rawName: string;
  readonly at: number;
  readonly value: JsonNode;
}

/** Broken JSON, with the words of Go's `encoding/json` and the place for protojson's. */
export class JsonSyntaxError extends Error {
  readonly at: number;
  /** The token or characters that were met, for protojson's words. */
  readonly met: string;

  constructor(message: string, at: number, met: string) {
    super(message);
    this.at = at;
    this.met = met;
  }
}

/** Deeper nesting is refused, as by protojson and before the stack ends. */
const MAX_DEPTH = 1000;
const NUMBER = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /[^\s{}[\],:"]+/y;

/**
 * Read the first JSON value of a text; what follows is ignored, as Go's streaming decoder does.
 * Answers `undefined` for a text of white space only. Throws `JsonSyntaxError`.
 */
export function readJson(text: string): JsonNode | undefined {
  const reader = new Reader(text);
  reader.skip();
  return reader.at === text.length ? undefined : reader.value(0);
}

/** `line:column`, both from 1, as protojson writes positions. */
export function position(text: string, at: number): string {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < at;) {
    line++;
    start = next + 1;
    next = text.indexOf('\n', start);
  }
  return `${line}:${[...text.slice(start, at)].length + 1}`;
}

/** The plain value of a node: what `JSON.parse` would give. */
export function plainJson(node: JsonNode): unknown {
  switch (node.kind) {
    case 'null':
      return null;
    case 'bool':
    case 'string':
      return node.value;
    case 'number':
      return Number(node.raw);
    case 'array':
      return node.items.map(plainJson);
    case 'object':
      // Not an object literal: a member called `__proto__` is data like any other.
      return Object.fromEntries(
        node.members.map(member => [member.name, plainJson(member.value)])
      );
  }
}

class Reader {
  at = 0;
  private readonly _text: string;

  constructor(text: string) {
    this._text = text;
  }

  skip(): void {
    for (; this.at < this._text.length; this.at++) {
      const code = this._text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) {
        return;
      }
    }
  }

  value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) {
      throw new JsonSyntaxError(
        'exceeded max recursion depth',
        this.at,
        this._text.charAt(this.at)
      );
    }
    this.skip();
    const at = this.at;
    switch (this._text.charAt(at)) {
      case '{':
        return this._object(depth);
      case '[':
        return this._array(depth);
      case '"': {
        const [value, raw] = this._string();
        return { at, kind: 'string', value, raw };
      }
      case 't':
        this._literal('true');
        return { at, kind: 'bool', value: true };
      case 'f':
        this._literal('false');
        return { at, kind: 'bool', value: false };
      case 'n':
        this._literal('null');
        return { at, kind: 'null' };
      default:
        NUMBER.lastIndex = at;
        if (NUMBER.test(this._text)) {
          this.at = NUMBER.lastIndex;
          return { at, kind: 'number', raw: this._text.slice(at, this.at) };
        }
        throw this._unexpected('looking for beginning of value');
    }
  }

  private _object(depth: number): JsonNode {
    const at = this.at++;
    const members: JsonMember[] = [];
    this.skip();
    if (this._take('}')) {
      return { at, kind: 'object', members };
    }
    for (;;) {
      this.skip();
      const nameAt = this.at;
      if (this._text.charAt(nameAt) !== '"') {
        throw this._unexpected('looking for beginning of object key string');
      }
      const [name, rawName] = this._string();
      this.skip();
      if (!this._take(':')) {
        throw this._unexpected('after object key');
      }
      members.push({ name, rawName, at: nameAt, value: this.value(depth + 1) });
      this.skip();
      if (this._take('}')) {
        return { at, kind: 'object', members };
      }
      if (!this._take(',')) {
        throw this._unexpected('after object key:value pair');
      }
    }
  }

  private _array(depth: number): JsonNode {
    const at = this.at++;
    const items: JsonNode[] = [];
    this.skip();
    if (this._take(']')) {
      return { at, kind: 'array', items };
    }
    for (;;) {
      items.push(this.value(depth + 1));
      this.skip();
      if (this._take(']')) {
        return { at, kind: 'array', items };
      }
      if (!this._take(',')) {
        throw this._unexpected('after array element');
      }
    }
  }

  private _string(): readonly [string, string] {
    const start = this.at;
    for (let at = start + 1; at < this._text.length; at++) {
      const code = this._text.charCodeAt(at);
      if (code === 0x5c) {
        at++;
      } else if (code === 0x22) {
        const raw = this._text.slice(start, at + 1);
        this.at = at + 1;
        try {
          return [JSON.parse(raw) as string, raw];
        } catch {
          this.at = start;
          throw new JsonSyntaxError(
            'invalid character in string escape code',
            start,
            raw
          );
        }
      } else if (code < 0x20) {
        this.at = at;
        throw this._unexpected('in string literal');
      }
    }
    this.at = this._text.length;
    throw this._unexpected('');
  }

  private _literal(word: string): void {
    const start = this.at;
    for (const char of word) {
      if (this._text.charAt(this.at) !== char) {
        const error = this._unexpected(
          `in literal ${word} (expecting '${char}')`
        );
        // protojson names the whole word and its start, Go's JSON the first wrong character.
        WORD.lastIndex = start;
        const met = WORD.exec(this._text)?.[0] ?? error.met;
        throw new JsonSyntaxError(error.message, start, met);
      }
      this.at++;
    }
  }

  private _take(char: string): boolean {
    if (this._text.charAt(this.at) !== char) {
      return false;
    }
    this.at++;
    return true;
  }

  private _unexpected(where: string): JsonSyntaxError {
    if (this.at >= this._text.length) {
      return new JsonSyntaxError('unexpected EOF', this.at, '');
    }
    WORD.lastIndex = this.at;
    const word = WORD.exec(this._text)?.[0] ?? this._text.charAt(this.at);
    return new JsonSyntaxError(
      `invalid character '${quoted(this._text.charAt(this.at))}' ${where}`,
      this.at,
      word
    );
  }
}

function quoted(char: string): string {
  if (char === "'" || char === '\\') {
    return `\\${char}`;
  }
  const written = JSON.stringify(char);
  return char === '"' ? char : written.slice(1, -1);
}
