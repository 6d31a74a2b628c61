import type { IPicture } from './graph-layout';

/** Where the picture lies in its field, and how large it is drawn. */
export interface ICamera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Width and height in pixels. */
export interface ISize {
  readonly width: number;
  readonly height: number;
}

/** A rectangle on the picture. */
export interface IRect extends ISize {
  readonly x: number;
  readonly y: number;
}

/** Smallest and largest scale, and the smallest at which names can be read. */
const SCALE = { min: 0.15, max: 2, readable: 0.6 } as const;
/** Pixels around the picture, and above a box that comes into sight: there its caption stands. */
const MARGIN = 12;
const UPPER = 34;
/** Pixels of the picture by which the drawn part grows and moves: within them nothing is drawn anew. */
const TILE = 400;

/** Show all of a picture, or where that cannot be read its beginning. */
export function fit(
  picture: IPicture,
  size: ISize,
  direction: 'TB' | 'LR'
): ICamera {
  if (picture.width === 0 || size.width === 0) {
    return { x: MARGIN, y: MARGIN, scale: 1 };
  }
  const wide = (size.width - 2 * MARGIN) / picture.width;
  const high = (size.height - 2 * MARGIN) / picture.height;
  const scale = Math.min(1, Math.max(SCALE.readable, Math.min(wide, high)));
  const x = Math.max(MARGIN, (size.width - picture.width * scale) / 2);
  const y = Math.max(MARGIN, (size.height - picture.height * scale) / 2);
  return { x: direction === 'LR' ? Math.min(x, MARGIN) : x, y, scale };
}

/** Come closer or go farther; the point of the field stays where it is. */
export function zoomed(
  camera: ICamera,
  factor: number,
  at: { readonly x: number; readonly y: number }
): ICamera {
  const scale = Math.min(SCALE.max, Math.max(SCALE.min, camera.scale * factor));
  const ratio = scale / camera.scale;
  return {
    scale,
    x: at.x - (at.x - camera.x) * ratio,
    y: at.y - (at.y - camera.y) * ratio
  };
}

/** Move as little as is needed to have a box of the picture in sight. */
export function showing(camera: ICamera, box: IRect, size: ISize): ICamera {
  const { scale } = camera;
  const shift = (
    at: number,
    start: number,
    length: number,
    room: number,
    least: number
  ): number => {
    const low = start * scale + at;
    const high = low + length * scale;
    return low < least
      ? at + least - low
      : high > room - MARGIN
        ? at + Math.max(room - MARGIN - high, least - low)
        : at;
  };
  return {
    scale,
    x: shift(camera.x, box.x, box.width, size.width, MARGIN),
    y: shift(camera.y, box.y, box.height, size.height, UPPER)
  };
}

/** Put a point of the picture into the middle of the field. */
export function centred(
  camera: ICamera,
  x: number,
  y: number,
  size: ISize
): ICamera {
  return {
    scale: camera.scale,
    x: size.width / 2 - x * camera.scale,
    y: size.height / 2 - y * camera.scale
  };
}

/** The part of the picture that is in sight. */
export function inSight(camera: ICamera, size: ISize): IRect {
  return {
    x: -camera.x / camera.scale,
    y: -camera.y / camera.scale,
    width: size.width / camera.scale,
    height: size.height / camera.scale
  };
}

/** The part of the picture that is drawn: what is in sight, grown to whole tiles. */
export function drawnPart(camera: ICamera, size: ISize): IRect {
  const seen = inSight(camera, size);
  const x = Math.floor(seen.x / TILE) * TILE;
  const y = Math.floor(seen.y / TILE) * TILE;
  return {
    x,
    y,
    width: Math.ceil((seen.x + seen.width) / TILE) * TILE - x,
    height: Math.ceil((seen.y + seen.height) / TILE) * TILE - y
  };
}

/** Whether two rectangles touch. */
export function touches(a: IRect, b: IRect): boolean {
  return (
    a.x <= b.x + b.width &&
    b.x <= a.x + a.width &&
    a.y <= b.y + b.height &&
    b.y <= a.y + a.height
  );
}

/** The part of a rectangle that lies on a picture. */
export function within(rect: IRect, picture: ISize): IRect {
  const clamp = (value: number, most: number): number =>
    Math.min(most, Math.max(0, value));
  const x = clamp(rect.x, picture.width);
  const y = clamp(rect.y, picture.height);
  return {
    x,
    y,
    width: clamp(rect.x + rect.width, picture.width) - x,
    height: clamp(rect.y + rect.height, picture.height) - y
  };
}
