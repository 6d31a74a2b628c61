import type { IBox, IPicture } from './graph-layout';

/** Where an arrow leads, whatever the direction of the drawing. */
type Move = 'forth' | 'back' | 'next' | 'previous';

/**
 * The next box for an arrow. With the keys of the direction it goes along the lines: into an open group and out of it at its end, down a
 * block before it leaves it. With the others it goes along a layer, and from the end of one to the next, so that no box is out of reach.
 */
export function neighbour(
  picture: IPicture,
  from: string,
  key: string,
  direction: 'TB' | 'LR'
): string | null {
  const here = picture.boxes.find(box => box.vertex.id === from);
  if (!here) {
    return picture.boxes[0]?.vertex.id ?? null;
  }
  const field = new Field(picture, direction === 'TB');
  const found = {
    forth: () => field.inBlock(here, 1) ?? field.into(here) ?? field.on(here),
    back: () => field.inBlock(here, -1) ?? field.before(here),
    next: () => field.beside(here, 1),
    previous: () => field.beside(here, -1)
  }[moveOf(key, direction)]();
  return found?.vertex.id ?? null;
}

function moveOf(key: string, direction: 'TB' | 'LR'): Move {
  const isForward = key === 'ArrowDown' || key === 'ArrowRight';
  const isUpright = key === 'ArrowDown' || key === 'ArrowUp';
  return isUpright === (direction === 'TB')
    ? isForward
      ? 'forth'
      : 'back'
    : isForward
      ? 'next'
      : 'previous';
}

/** A picture turned so that lines lead down. */
class Field {
  constructor(
    readonly picture: IPicture,
    readonly isDown: boolean
  ) {}

  /** The first box in an open group. */
  into(here: IBox): IBox | null {
    return here.isOpenGroup ? (this._ordered(here.vertex.id)[0] ?? null) : null;
  }

  /** Where the lines lead from a box, else from the group it is in. */
  on(here: IBox): IBox | null {
    const ends = this._ends(here, 'from', 'to');
    const parent = ends.length === 0 ? this._parent(here) : null;
    return parent ? this.on(parent) : this._nearest(ends, here);
  }

  /** Where the lines come from, else the group that a box is in. */
  before(here: IBox): IBox | null {
    return (
      this._nearest(this._ends(here, 'to', 'from'), here) ?? this._parent(here)
    );
  }

  /** The box below or above in the same block. */
  inBlock(here: IBox, step: 1 | -1): IBox | null {
    const others =
      here.block === undefined
        ? []
        : this.picture.boxes.filter(
            box =>
              box.block === here.block &&
              step * (this._down(box) - this._down(here)) > 1
          );
    const away = (box: IBox): number =>
      Math.abs(this._down(box) - this._down(here));
    const least = Math.min(...others.map(away));
    return this._nearest(
      others.filter(box => away(box) === least),
      here
    );
  }

  /** The next box of the layer, or where it ends the first of the next layer in the same group. */
  beside(here: IBox, step: 1 | -1): IBox | null {
    const all = this._ordered(here.vertex.parent ?? '');
    const layer = all.filter(
      box =>
        Math.abs(this._down(box) - this._down(here)) <
          (this._depth(box) + this._depth(here)) / 2 &&
        step * (this._across(box) - this._across(here)) > 0
    );
    return this._nearest(layer, here) ?? all[all.indexOf(here) + step] ?? null;
  }

  private _parent(here: IBox): IBox | null {
    return (
      this.picture.boxes.find(box => box.vertex.id === here.vertex.parent) ??
      null
    );
  }

  private _ends(
    here: IBox,
    near: 'from' | 'to',
    far: 'from' | 'to'
  ): readonly IBox[] {
    const ids = new Set(
      this.picture.lines
        .filter(line => line[near] === here.vertex.id)
        .map(line => line[far])
    );
    return this.picture.boxes.filter(box => ids.has(box.vertex.id));
  }

  /** The boxes of one group in the order in which a page is read. */
  private _ordered(parent: string): readonly IBox[] {
    return this.picture.boxes
      .filter(box => (box.vertex.parent ?? '') === parent)
      .sort(
        (a, b) =>
          Math.round(this._down(a) - this._down(b)) ||
          this._across(a) - this._across(b)
      );
  }

  private _nearest(boxes: readonly IBox[], here: IBox): IBox | null {
    const away = (box: IBox): number =>
      Math.abs(this._across(box) - this._across(here)) +
      Math.abs(this._down(box) - this._down(here)) / 1000; // decides between equals
    return boxes.reduce<IBox | null>(
      (best, box) => (!best || away(box) < away(best) ? box : best),
      null
    );
  }

  private _down(box: IBox): number {
    return this.isDown ? box.y + box.height / 2 : box.x + box.width / 2;
  }

  private _across(box: IBox): number {
    return this.isDown ? box.x + box.width / 2 : box.y + box.height / 2;
  }

  private _depth(box: IBox): number {
    return this.isDown ? box.height : box.width;
  }
}
