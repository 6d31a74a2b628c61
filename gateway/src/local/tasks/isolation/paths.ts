/** Paths of this machine inside an executor input. */
import path from 'node:path';

import type { Json } from 'jupyterlab-kfp-model';

/** Whether `place` is `folder` or lies in it. */
export function isInside(place: string, folder: string): boolean {
  const relative = path.relative(folder, place);
  return (
    relative === '' ||
    (!relative.startsWith('..') && !path.isAbsolute(relative))
  );
}

/** The local files and folders that input artifacts lie at; outer ones first. */
export function localPaths(executorInput: Json): readonly string[] {
  const lists = Object.values(
    field(field(executorInput, 'inputs'), 'artifacts') ?? {}
  );
  const found = new Set<string>();
  for (const list of lists) {
    const items = field(list, 'artifacts');
    for (const item of Array.isArray(items) ? (items as readonly Json[]) : []) {
      const uri = field(item, 'uri');
      if (typeof uri === 'string') {
        const place = uri.startsWith('file://')
          ? uri.slice('file://'.length)
          : uri;
        if (path.isAbsolute(place)) {
          found.add(path.normalize(place));
        }
      }
    }
  }
  return [...found].sort((a, b) => a.length - b.length);
}

function field(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })[name]
    : undefined;
}
