/** What a file holds, told by its name and its first bytes: most artifacts of KFP have a name without extension. */
import { open } from 'node:fs/promises';
import { extname } from 'node:path';

/** Bytes that are looked at. */
const HEAD = 64 * 1024;
/** Columns of a line without end that prose never has. */
const WIDE = 50;

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.csv': 'text/csv; charset=utf-8',
  '.tsv': 'text/tab-separated-values; charset=utf-8',
  '.json': 'application/json',
  '.html': 'text/html; charset=utf-8',
  '.htm': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.log': 'text/plain; charset=utf-8',
  '.yaml': 'text/plain; charset=utf-8',
  '.yml': 'text/plain; charset=utf-8',
  '.jsonl': 'text/plain; charset=utf-8'
};

const UNKNOWN = 'application/octet-stream';

/** The media type of a file. */
export async function mediaTypeOf(path: string): Promise<string> {
  const known = BY_EXTENSION[extname(path).toLowerCase()];
  if (known !== undefined) {
    return known;
  }
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(
      Buffer.alloc(HEAD),
      0,
      HEAD,
      0
    );
    return mediaTypeOfBytes(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** The media type that the first bytes of a file tell. */
export function mediaTypeOfBytes(head: Buffer): string {
  const starts = (...bytes: number[]): boolean =>
    bytes.every((byte, index) => head[index] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) {
    return 'image/png';
  }
  if (starts(0xff, 0xd8, 0xff)) {
    return 'image/jpeg';
  }
  const ascii = head.toString('latin1', 0, 12);
  if (ascii.startsWith('GIF87a') || ascii.startsWith('GIF89a')) {
    return 'image/gif';
  }
  if (ascii.startsWith('RIFF') && ascii.endsWith('WEBP')) {
    return 'image/webp';
  }
  const text = asText(head);
  return text === undefined
    ? UNKNOWN
    : textType(text.trimStart(), head.length === HEAD);
}

/** The bytes as text; undefined when they are none. A character that the end cuts does not count. */
function asText(head: Buffer): string | undefined {
  if (head.includes(0)) {
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, {
      stream: head.length === HEAD
    });
  } catch {
    return undefined;
  }
}

/** `isCut` = the text goes on. */
function textType(text: string, isCut: boolean): string {
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<svg[\s>]/i.test(text)) {
    return 'image/svg+xml';
  }
  if (/^<!doctype html|^<html[\s>]/i.test(text)) {
    return 'text/html; charset=utf-8';
  }
  if (/^[[{]\s*["'{}[\]\d\-tfn]/.test(text)) {
    return 'application/json';
  }
  const [first = '', ...others] = text.split(/\r?\n/, 3);
  // a row of thousands of columns is longer than what is looked at
  const isWide = isCut && others.length < 2;
  const [second = ''] = others;
  for (const [mark, type] of [
    ['\t', 'text/tab-separated-values; charset=utf-8'],
    [',', 'text/csv; charset=utf-8'],
    [';', 'text/csv; charset=utf-8']
  ] as const) {
    const columns = first.split(mark).length;
    // Prose has commas too, but not the same number of them in a row.
    if (
      isWide
        ? columns > WIDE
        : columns > 1 && second.split(mark).length === columns
    ) {
      return type;
    }
  }
  return 'text/plain; charset=utf-8';
}
