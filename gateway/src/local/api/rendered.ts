/** Parts of an answer that are JSON text already: what is large and seldom changes is not made again for each request. */
import { Readable } from 'node:stream';

import type { FastifyReply } from 'fastify';

/** JSON text, or its bytes where they are kept for the next answer. */
export type Piece = string | Uint8Array;

/** JSON text that goes into an answer as it is; in pieces, so that a large answer is never put together as one string. */
export class Rendered {
  readonly pieces: readonly Piece[];

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  get text(): string {
    return Buffer.concat(this.chunks()).toString('utf8');
  }

  /** The same as bytes; text between kept bytes is one chunk. */
  chunks(): readonly Uint8Array[] {
    const chunks: Uint8Array[] = [];
    let text = '';
    for (const piece of this.pieces) {
      if (typeof piece === 'string') {
        text += piece;
        continue;
      }
      if (text !== '') {
        chunks.push(Buffer.from(text));
        text = '';
      }
      chunks.push(piece);
    }
    if (text !== '') {
      chunks.push(Buffer.from(text));
    }
    return chunks;
  }
}

/** An object whose values are plain, or rendered. */
export function renderObject(
  fields: Readonly<Record<string, unknown>>
): Rendered {
  const pieces: Piece[] = [];
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
  const pieces: Piece[] = ['['];
  items.forEach((item, index) => {
    if (index > 0) {
      pieces.push(',');
    }
    append(pieces, item);
  });
  pieces.push(']');
  return new Rendered(pieces);
}

function append(pieces: Piece[], value: unknown): void {
  if (value instanceof Rendered) {
    for (const piece of value.pieces) {
      pieces.push(piece);
    }
  } else {
    pieces.push(JSON.stringify(value));
  }
}

/** Bytes from which on an answer is sent in its chunks instead of as a copy of them. */
const LARGE = 128 * 1024;

/** Send an answer with rendered parts: kept bytes go to the socket as they are. */
export function sendRendered(
  reply: FastifyReply,
  rendered: Rendered
): FastifyReply {
  const chunks = rendered.chunks();
  const size = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  reply.type('application/json; charset=utf-8').header('content-length', size);
  return reply.send(
    size < LARGE ? Buffer.concat(chunks) : Readable.from(chunks)
  );
}
