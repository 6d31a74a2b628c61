/** Keeps the folder of environments small: half-built ones go, then those that were used least recently. */
import { lstat, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** What the file `complete` of a finished environment says. */
export interface Marker {
  readonly builtAt: number;
  readonly pinned: boolean;
  readonly bytes: number;
}

/** Bytes of all files below a folder; links count nothing. */
export async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      bytes += await sizeOf(place);
    } else if (entry.isFile()) {
      bytes += (await lstat(place)).size;
    }
  }
  return bytes;
}

/** Remove what is half built, older builds of a newer one, and the least recently used beyond `keptBytes`. */
export async function removeSurplus(
  root: string,
  keptBytes: number,
  isUsed: (name: string) => boolean
): Promise<readonly string[]> {
  const removed: string[] = [];
  const kept: { name: string; bytes: number; usedAt: number }[] = [];
  const remove = async (name: string): Promise<void> => {
    await rm(path.join(root, name), { recursive: true, force: true });
    removed.push(name);
  };
  const names = await readdir(root);
  for (const name of names) {
    const file = path.join(root, name, 'complete');
    try {
      const marker = JSON.parse(await readFile(file, 'utf8')) as Marker;
      const { mtimeMs } = await stat(file);
      kept.push({ name, bytes: marker.bytes, usedAt: mtimeMs });
    } catch {
      if (!isUsed(name)) {
        await remove(name);
      }
    }
  }
  kept.sort((a, b) => b.usedAt - a.usedAt);
  let bytes = 0;
  for (const { name, bytes: own } of kept) {
    const [, key = '', number = '0'] = /^(.*)-(\d+)$/.exec(name) ?? [];
    const isReplaced = kept.some(
      other =>
        other.name.startsWith(`${key}-`) &&
        Number(other.name.slice(key.length + 1)) > Number(number)
    );
    bytes += own;
    if ((isReplaced || bytes > keptBytes) && !isUsed(name)) {
      bytes -= own;
      await remove(name);
    }
  }
  return removed;
}
