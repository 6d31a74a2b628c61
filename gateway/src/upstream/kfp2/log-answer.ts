/** What a cluster answers for a log: all of it at once, or a failure at its end. */
import type { LogChunk } from 'jupyterlab-kfp-model';

import { bytesToLineStart } from '../line-start.ts';
import { wholeCharacters } from '../whole-characters.ts';
import { fields, text } from './wire-fields.ts';

/** The piece of a whole log that was asked for, in bytes; a negative `from` counts from the end and starts at a whole line. */
export function logPiece(
  bytes: Buffer,
  asked: { readonly from: number; readonly limit: number },
  isRunning: boolean
): LogChunk {
  let offset =
    asked.from < 0
      ? Math.max(0, bytes.length + asked.from)
      : Math.min(asked.from, bytes.length);
  if (asked.from < 0 && offset > 0) {
    offset += bytesToLineStart(bytes.subarray(offset, offset + asked.limit));
  }
  const room = bytes.subarray(offset, offset + asked.limit);
  const part = room.subarray(
    0,
    wholeCharacters(room, !isRunning && offset + room.length >= bytes.length)
  );
  return {
    offset,
    text: part.toString('utf8'),
    next: offset + part.length,
    size: bytes.length,
    end: !isRunning && offset + part.length >= bytes.length
  };
}

/** A cluster sends 200 before it reads the log; a failure is the last line, as JSON (clusters.md section 14, 6). */
export function logError(bytes: Buffer): string | undefined {
  const last = bytes
    .subarray(-8192)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .at(-1);
  if (last === undefined || !last.startsWith('{"error_')) {
    return undefined;
  }
  try {
    const body = fields(JSON.parse(last));
    const isError = Object.keys(body).every(key =>
      ['error_message', 'error_details'].includes(key)
    );
    return isError ? text(body['error_message']).split('\n', 1)[0] : undefined;
  } catch {
    return undefined; // a line of the task that looks like it
  }
}
