import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import { applyMerge, type MergePatch } from 'jupyterlab-kfp-model';

import { splitMerge, splitView, withoutHugeLeaves } from './merge-parts.ts';
import { Track } from './track.ts';

type Tree = Record<string, unknown>;

const leaf = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.array(fc.integer(), { maxLength: 3 })
);
const tree: fc.Arbitrary<Tree> = fc.dictionary(
  fc.constantFrom('run', 'tasks', 'a', 'b'),
  fc.oneof(
    leaf,
    fc.dictionary(fc.constantFrom('x', 'y', 'z'), leaf, {
      noNullPrototype: true
    })
  ),
  { noNullPrototype: true }
);

type Step =
  | { readonly kind: 'change'; readonly view: Tree }
  | { readonly kind: 'deliver'; readonly at: number; readonly isLost: boolean }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: tree.map(view => ({ kind: 'change' as const, view }))
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      at: fc.nat(4),
      isLost: fc.boolean()
    })
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reconnect' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) }
);

/** A page and a gateway with a bad wire between them, by the rules of the protocol. */
class Wire {
  view: Tree | undefined;
  private _track = new Track<Tree>();
  private _place: { readonly epoch: string; readonly seq: number } | undefined;
  private _sent: number | undefined;
  private _flying: (
    | { readonly epoch: string; readonly seq: number; readonly view: string }
    | { readonly seq: number; readonly merge: string }
  )[] = [];

  change(view: Tree): void {
    this._track.commit(view);
    this._send();
  }

  /** The gateway starts anew: nothing of the old life is known there. */
  restart(view: Tree | undefined): void {
    this._track = new Track<Tree>();
    if (view !== undefined) {
      this._track.commit(view);
    }
    this.reconnect();
  }

  reconnect(): void {
    this._flying = [];
    const place = this._place;
    this._sent =
      place !== undefined && this._track.resume(place.epoch, place.seq)
        ? place.seq
        : undefined;
    this._send();
  }

  /** One of the next frames comes, or is lost. */
  deliver(at: number, isLost: boolean): void {
    const [frame] = this._flying.splice(
      Math.min(at, this._flying.length - 1),
      1
    );
    if (frame === undefined || isLost) {
      return;
    }
    if ('view' in frame) {
      this.view = JSON.parse(frame.view) as Tree;
      this._place = { epoch: frame.epoch, seq: frame.seq };
    } else if (this._place === undefined || frame.seq > this._place.seq + 1) {
      this._place = undefined; // a gap: subscribe again, without a place
      this.reconnect();
    } else if (frame.seq === this._place.seq + 1) {
      this.view = applyMerge(
        this.view ?? {},
        JSON.parse(frame.merge) as MergePatch
      );
      this._place = { epoch: this._place.epoch, seq: frame.seq };
    }
  }

  settle(): void {
    this.reconnect();
    while (this._flying.length > 0) {
      this.deliver(0, false);
    }
  }

  private _send(): void {
    if (this._track.seq === 0) {
      return;
    }
    const patches =
      this._sent === undefined ? undefined : this._track.since(this._sent);
    if (patches === undefined) {
      const snap = this._track.snap();
      assert.ok(snap);
      this._flying.push(snap, ...snap.patches);
    } else {
      this._flying.push(...patches);
    }
    this._sent = this._track.seq;
  }
}

describe('a track', () => {
  it('brings every page to the view of the source over a wire that loses, reorders and breaks', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const wire = new Wire();
        let source: Tree | undefined;
        for (const each of steps) {
          switch (each.kind) {
            case 'change':
              source = each.view;
              wire.change(each.view);
              break;
            case 'deliver':
              wire.deliver(each.at, each.isLost);
              break;
            case 'reconnect':
              wire.reconnect();
              break;
            case 'restart':
              wire.restart(source);
          }
        }
        wire.settle();
        assert.deepEqual(wire.view, source);
      }),
      { numRuns: 300 }
    );
  });

  it('keeps 256 patches and at most 1 MiB of them', () => {
    const track = new Track<Tree>();
    for (let n = 0; n <= 300; n++) {
      track.commit({ n });
    }
    assert.equal(track.since(44), undefined);
    assert.equal(track.since(45)?.length, 256);
    for (let n = 0; n < 8; n++) {
      track.commit({ n: String(n).repeat(200_000) });
    }
    assert.equal(track.since(301), undefined);
    assert.equal(track.since(304)?.length, 5);
  });

  it('does not let a page go on in the middle of a view in parts', () => {
    const track = new Track<Tree>();
    const tasks = Object.fromEntries(
      Array.from({ length: 6000 }, (_, n) => [
        `t${n}`,
        { name: 'x'.repeat(60) }
      ])
    );
    track.commit({ tasks, n: 0 });
    track.commit({ tasks, n: 1 });
    const snap = track.snap();
    assert.ok(snap && snap.patches.length > 1);
    assert.equal(track.resume(snap.epoch, snap.seq), false);
    assert.equal(track.resume(snap.epoch, track.seq), true);
  });
});

describe('parts of patches', () => {
  it('have together the effect of the whole, each below the limit', () => {
    fc.assert(
      fc.property(
        tree,
        tree,
        fc.integer({ min: 60, max: 200 }),
        (a, b, limit) => {
          const parts = splitMerge(b, limit);
          const whole = applyMerge(a, b);
          const merged = parts.reduce<Tree>(
            (view, part) => applyMerge(view, JSON.parse(part) as MergePatch),
            a
          );
          assert.deepEqual(merged, whole);
        }
      )
    );
  });

  it('bring a large view together again', () => {
    const view = {
      run: { name: 'r' },
      tasks: Object.fromEntries(
        Array.from({ length: 3000 }, (_, n) => [
          `t${n}`,
          { v: '火'.repeat(50) }
        ])
      ),
      graph: {
        vertices: Array.from({ length: 3000 }, (_, n) => ({
          id: `vertex-${n}-${'x'.repeat(40)}`
        })),
        edges: []
      }
    };
    const { base, parts } = splitView(view);
    assert.deepEqual(JSON.parse(base), {
      run: { name: 'r' },
      tasks: {},
      graph: { vertices: [], edges: [] }
    });
    const whole = parts.reduce<Tree>(
      (known, part) => applyMerge(known, JSON.parse(part) as MergePatch),
      JSON.parse(base) as Tree
    );
    assert.deepEqual(whole, view);
  });

  it('leave out what no frame can carry, and say where it was', () => {
    const { view, cut } = withoutHugeLeaves({
      a: 'x'.repeat(900_000),
      b: { c: Array.from({ length: 200_000 }, () => 12345) },
      d: 1
    });
    assert.deepEqual(cut, ['a', 'b.c']);
    assert.deepEqual(view, { a: '', b: { c: [] }, d: 1 });
  });
});
