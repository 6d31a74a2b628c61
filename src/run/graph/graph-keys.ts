import type { IBox, IPicture } from './graph-layout';

/** The next box for an arrow: along the lines with the keys of the direction, between neighbours of a layer with the others. */
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
  const isDown = direction === 'TB';
  const along = isDown ? ('x' as const) : ('y' as const);
  const across = isDown ? ('y' as const) : ('x' as const);
  const [forth, back] = isDown
    ? ['ArrowDown', 'ArrowUp']
    : ['ArrowRight', 'ArrowLeft'];
  if (key === forth || key === back) {
    const ends = new Set(
      picture.lines.flatMap(line =>
        key === forth
          ? line.from === from
            ? [line.to]
            : []
          : line.to === from
            ? [line.from]
            : []
      )
    );
    const found = nearest(
      picture.boxes.filter(box => ends.has(box.vertex.id)),
      here,
      along
    );
    return found ?? intoOrOut(picture, here, key === forth);
  }
  const sign = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  return nearest(
    picture.boxes.filter(
      box =>
        Math.abs(box[across] - here[across]) < 20 &&
        sign * (box[along] - here[along]) > 0
    ),
    here,
    along
  );
}

// where no line leads on, the way goes into an open group, or out to it
function intoOrOut(
  picture: IPicture,
  here: IBox,
  isForth: boolean
): string | null {
  const other = isForth
    ? picture.boxes.find(box => box.vertex.parent === here.vertex.id)
    : picture.boxes.find(box => box.vertex.id === here.vertex.parent);
  return other?.vertex.id ?? null;
}

function nearest(
  boxes: readonly IBox[],
  here: IBox,
  axis: 'x' | 'y'
): string | null {
  const middle = (box: IBox): number =>
    axis === 'x' ? box.x + box.width / 2 : box.y + box.height / 2;
  let best: IBox | null = null;
  for (const box of boxes) {
    if (
      !best ||
      Math.abs(middle(box) - middle(here)) <
        Math.abs(middle(best) - middle(here))
    ) {
      best = box;
    }
  }
  return best?.vertex.id ?? null;
}
