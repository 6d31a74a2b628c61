/** Compiled pipelines kept by digest, so that a draft in a notebook can be run without carrying its text. */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';

import { ProblemError } from '../problem.ts';

const LIFETIME = 30 * 24 * 3600 * 1000;
const DIGEST = /^sha256:([0-9a-f]{64})$/;

export class PipelineTexts {
  private readonly _folder: string;

  constructor(dataDir: string) {
    this._folder = join(dataDir, 'pipelines');
    mkdirSync(this._folder, { recursive: true, mode: 0o700 });
    this._forgetOld();
  }

  /** Keep a text; returns its digest. */
  put(text: string): string {
    const hex = createHash('sha256').update(text).digest('hex');
    const file = join(this._folder, hex);
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return `sha256:${hex}`;
  }

  /** The text with this digest, and 30 more days for it. Throws `not-found` when it is gone. */
  need(digest: string): string {
    const text = this.get(digest);
    if (text === undefined) {
      throw new ProblemError(
        'not-found',
        'This pipeline is not kept any more.',
        { fix: 'Run the cell again.' }
      );
    }
    return text;
  }

  /** The text with this digest, and 30 more days for it. */
  get(digest: string): string | undefined {
    const hex = DIGEST.exec(digest)?.[1];
    if (hex === undefined) {
      return undefined;
    }
    const file = join(this._folder, hex);
    try {
      const text = readFileSync(file, 'utf8');
      const now = new Date();
      utimesSync(file, now, now);
      return text;
    } catch {
      return undefined; // never kept, or forgotten
    }
  }

  private _forgetOld(): void {
    for (const name of readdirSync(this._folder)) {
      const file = join(this._folder, name);
      if (Date.now() - statSync(file).mtimeMs > LIFETIME) {
        rmSync(file, { force: true });
      }
    }
  }
}
