import type { Edge } from 'jupyterlab-kfp-model';

/** Equal neighbours from which on they stand in a block instead of one long row. */
const FROM = 9;
/** Boxes beside one another in a block, at least and at most. */
const ACROSS = { least: 4, most: 12 } as const;

/** Tasks with the same tasks before and after them, arranged in rows. */
export interface ISiblingBlock {
  readonly id: string;
  readonly members: readonly string[];
  /** Boxes beside one another, across the direction of the drawing. */
  readonly across: number;
}

/**
 * Find tasks that differ in nothing but their names: with the same tasks before and after them, or with none at all.
 *
 * #### Notes
 * In layers they would make one row that is as wide as they are many, and no part of it could be read when all of it is in sight.
 */
export function siblingBlocks(
  candidates: readonly string[],
  edges: readonly Edge[]
): readonly ISiblingBlock[] {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const { from, to } of edges) {
    before.set(to, [...(before.get(to) ?? []), from]);
    after.set(from, [...(after.get(from) ?? []), to]);
  }
  const alike = new Map<string, string[]>();
  for (const id of candidates) {
    const kin = JSON.stringify([
      (before.get(id) ?? []).sort(),
      (after.get(id) ?? []).sort()
    ]);
    const list = alike.get(kin);
    if (list) {
      list.push(id);
    } else {
      alike.set(kin, [id]);
    }
  }
  return [...alike.values()]
    .filter(members => members.length >= FROM)
    .map(members => ({
      id: `block:${members[0]}`, // no task has a colon in its id
      members,
      across: Math.min(
        ACROSS.most,
        Math.max(ACROSS.least, Math.ceil(Math.sqrt(members.length / 3)))
      )
    }));
}
