/** Cuts merge patches to the size of a frame, and values that no frame can carry out of a view. */
import {
  diffMerge,
  MAX_SERVER_FRAME,
  type MergePatch
} from 'jupyterlab-kfp-model';

/** Bytes of the merge in one frame; the rest of a frame is its envelope. */
export const MAX_PART = MAX_SERVER_FRAME - 1024;
/**
 * Bytes of one value that a merge patch cannot cut, such as the list of vertices of a graph. It travels alone in a frame of its own,
 * above the usual limit but below the 1 MiB that the Jupyter server passes on.
 */
export const MAX_LEAF = 768 * 1024;
/** Bytes that one UTF-16 unit of a text becomes at most: an escape. */
const LONGEST = 6;

type Tree = Readonly<Record<string, unknown>>;

/** JSON text of patches that have the effect of `merge` when they are applied in order. */
export function splitMerge(merge: MergePatch, limit = MAX_PART): string[] {
  const whole = JSON.stringify(merge);
  if (Buffer.byteLength(whole) <= limit) {
    return [whole];
  }
  const parts: string[] = [];
  let members: string[] = [];
  let size = 2;
  const flush = (): void => {
    if (members.length > 0) {
      parts.push(`{${members.join(',')}}`);
      members = [];
      size = 2;
    }
  };
  for (const [key, value] of Object.entries(merge)) {
    if (value === undefined) {
      continue;
    }
    const name = JSON.stringify(key);
    const text = JSON.stringify(value);
    const bytes = Buffer.byteLength(name) + 1 + Buffer.byteLength(text) + 1;
    if (bytes + 2 > limit && isTree(value)) {
      flush();
      const room = Math.max(limit - Buffer.byteLength(name) - 3, 1);
      for (const inner of splitMerge(value, room)) {
        parts.push(`{${name}:${inner}}`);
      }
      continue;
    }
    if (size + bytes > limit) {
      flush();
    }
    members.push(`${name}:${text}`);
    size += bytes;
  }
  flush();
  return parts;
}

/** A view as a base small enough for one frame and the patches that complete it; no patches when it fits as a whole. */
export function splitView(view: object): {
  readonly base: string;
  readonly parts: readonly string[];
} {
  const whole = JSON.stringify(view);
  if (Buffer.byteLength(whole) <= MAX_PART) {
    return { base: whole, parts: [] };
  }
  const base: Record<string, unknown> = {};
  let rest = MAX_PART / 2;
  for (const [key, value] of Object.entries(view)) {
    const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
    if (bytes <= rest) {
      base[key] = value;
      rest -= bytes;
    } else {
      base[key] = hollow(value);
    }
  }
  const merge = diffMerge(base, view);
  return {
    base: JSON.stringify(base),
    parts: merge === undefined ? [] : splitMerge(merge)
  };
}

/** A value of the same shape with nothing in it: a reader never meets a missing map or list, from the first frame on. */
function hollow(value: unknown): unknown {
  if (Array.isArray(value)) {
    return [];
  }
  if (!isTree(value)) {
    return typeof value === 'string' ? '' : value;
  }
  const members = Object.entries(value);
  return members.every(([, member]) => isTree(member))
    ? {}
    : Object.fromEntries(members.map(([key, each]) => [key, hollow(each)]));
}

/** Parts of views in which nothing is too large. Views are never changed, and the next one shares what stayed the same. */
const fitting = new WeakSet<object>();

/**
 * The view without lists and texts that are too large for any frame, and the places they were at. Parts in which nothing
 * is too large stay the objects they were.
 */
export function withoutHugeLeaves<T extends object>(
  view: T
): { readonly view: T; readonly cut: readonly string[] } {
  const cut: string[] = [];
  // Only members that are absent-able data (inputs, outputs, graph lists) can grow this large.
  return { view: prune(view as Tree, '', cut) as T, cut };
}

function prune(tree: Tree, place: string, cut: string[]): Tree {
  if (fitting.has(tree)) {
    return tree;
  }
  const changed = new Map<string, unknown>();
  for (const [key, value] of Object.entries(tree)) {
    const here = place === '' ? key : `${place}.${key}`;
    if (isTree(value)) {
      const pruned = prune(value, here, cut);
      if (pruned !== value) {
        changed.set(key, pruned);
      }
    } else if (isHuge(value)) {
      cut.push(here);
      changed.set(key, Array.isArray(value) ? [] : '');
    }
  }
  if (changed.size === 0) {
    fitting.add(tree);
    return tree;
  }
  return { ...tree, ...Object.fromEntries(changed) };
}

function isHuge(value: unknown): boolean {
  if (typeof value === 'string' && value.length * LONGEST <= MAX_LEAF) {
    return false;
  }
  return (
    (typeof value === 'string' || Array.isArray(value)) &&
    Buffer.byteLength(JSON.stringify(value)) > MAX_LEAF
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
