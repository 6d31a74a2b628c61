/** Names under which a browser saves what others have named. */
import { extname } from 'node:path';

import type { ArtifactInfo } from 'jupyterlab-kfp-model';

const ENDINGS: Readonly<Record<string, string>> = {
  'application/json': '.json',
  'image/gif': '.gif',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/svg+xml': '.svg',
  'image/webp': '.webp',
  'text/csv': '.csv',
  'text/html': '.html',
  'text/markdown': '.md',
  'text/plain': '.txt',
  'text/tab-separated-values': '.tsv'
};

/** A name of others as the name of a file. */
export function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '_');
}

/** The name of an artifact's file: with the ending of where it is, else with that of what it holds, so that it opens with a click. */
export function artifactFileName(
  info: Pick<ArtifactInfo, 'name' | 'uri' | 'media_type' | 'is_folder'>
): string {
  const name = fileName(info.name) || 'artifact';
  if (info.is_folder) {
    return `${name}.tar.gz`;
  }
  const own = /^\.[A-Za-z0-9]{1,10}$/.exec(extname(info.uri))?.[0];
  const media = info.media_type.split(';')[0]?.trim() ?? '';
  const ending = own ?? ENDINGS[media] ?? '';
  return name.endsWith(ending) ? name : `${name}${ending}`;
}
