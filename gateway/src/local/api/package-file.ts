/** The file of an upload: YAML or JSON by its name, zip and tar.gz by their first bytes (`apiserver/server/util.go`). */
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';

import { unzipSync } from 'fflate';
import { extract } from 'tar-stream';

/** Bytes; for the file and for what comes out of it. */
export const MAX_PACKAGE = 32 * 1024 * 1024;

/** The file cannot be read as a pipeline package. */
export class PackageError extends Error {}

/** Text of the pipeline in a file. Throws `PackageError`. */
export async function readPackage(
  fileName: string,
  bytes: Buffer
): Promise<string> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return decode(await fromTarball(bytes));
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    return decode(fromZip(bytes));
  }
  if (!/\.(yaml|yml|json)$/.test(fileName)) {
    throw new PackageError('unexpected pipeline file format');
  }
  return decode(bytes);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PackageError('the file is not UTF-8 text');
  }
}

function choose(files: readonly string[]): string {
  const chosen = files.includes('pipeline.yaml') ? 'pipeline.yaml' : files[0];
  if (chosen === undefined || !/\.(yaml|yml)$/.test(chosen)) {
    throw new PackageError('the archive holds no YAML file');
  }
  return chosen;
}

function fromZip(bytes: Buffer): Uint8Array {
  const sizes = new Map<string, number>();
  try {
    unzipSync(bytes, {
      filter: file => {
        if (!file.name.endsWith('/')) {
          sizes.set(file.name, file.originalSize);
        }
        return false;
      }
    });
    const name = choose([...sizes.keys()]);
    if ((sizes.get(name) ?? 0) > MAX_PACKAGE) {
      throw new PackageError('the file is too large');
    }
    const found = unzipSync(bytes, { filter: file => file.name === name })[
      name
    ];
    if (found === undefined || found.length > MAX_PACKAGE) {
      throw new PackageError('the archive is broken');
    }
    return found;
  } catch (error) {
    throw error instanceof PackageError
      ? error
      : new PackageError('the archive is broken');
  }
}

async function fromTarball(bytes: Buffer): Promise<Uint8Array> {
  const files = new Map<string, Buffer>();
  let total = 0;
  try {
    const entries = Readable.from([bytes]).pipe(createGunzip()).pipe(extract());
    for await (const entry of entries) {
      const parts: Buffer[] = [];
      for await (const part of entry) {
        const buffer = Buffer.from(part as Uint8Array);
        total += buffer.length;
        if (total > MAX_PACKAGE) {
          throw new PackageError('the file is too large');
        }
        parts.push(buffer);
      }
      if (entry.header.type === 'file') {
        files.set(entry.header.name, Buffer.concat(parts));
      }
    }
  } catch (error) {
    throw error instanceof PackageError
      ? error
      : new PackageError('the archive is broken');
  }
  const found = files.get(choose([...files.keys()]));
  if (found === undefined) {
    throw new PackageError('the archive holds no YAML file');
  }
  return found;
}
