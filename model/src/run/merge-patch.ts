/**
 * JSON merge patches (RFC 7396) between two views.
 *
 * Views never hold null, so null in a patch always means "gone"; a null or undefined inside a value counts as absent.
 */
import type { MergePatch } from '../wire/watch.ts';

type Tree = Readonly<Record<string, unknown>>;

/** What turns `before` into `after`; undefined when nothing changed. Lists are replaced as a whole. */
export function diffMerge(
  before: object,
  after: object
): MergePatch | undefined {
  const patch = diffTrees(before as Tree, after as Tree);
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Apply a patch without changing the value; parts that the patch does not name are shared with the result. */
export function applyMerge<T extends object>(value: T, patch: MergePatch): T {
  // The patch was made from a value of the same type.
  return applyTree(value, patch) as T;
}

function diffTrees(before: Tree, after: Tree): Record<string, unknown> {
  const patch: [string, unknown][] = [];
  for (const key of Object.keys(before)) {
    if (isAbsent(own(after, key)) && !isAbsent(before[key])) {
      patch.push([key, null]);
    }
  }
  for (const [key, next] of Object.entries(after)) {
    const old = own(before, key);
    if (isAbsent(next) || old === next) {
      continue;
    }
    if (isTree(old) && isTree(next)) {
      const inner = diffTrees(old, next);
      if (Object.keys(inner).length > 0) {
        patch.push([key, inner]);
      }
    } else if (isTree(next)) {
      // The receiver merges into an empty object, so absent parts must not travel as null.
      patch.push([key, diffTrees({}, next)]);
    } else if (!sameValue(old, next)) {
      patch.push([key, next]);
    }
  }
  return Object.fromEntries(patch);
}

function applyTree(value: unknown, patch: Tree): Tree {
  const result = new Map(isTree(value) ? Object.entries(value) : []);
  for (const [key, change] of Object.entries(patch)) {
    if (change === null || change === undefined) {
      result.delete(key);
    } else {
      result.set(
        key,
        isTree(change) ? applyTree(result.get(key), change) : change
      );
    }
  }
  return Object.fromEntries(result);
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function own(tree: Tree, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
