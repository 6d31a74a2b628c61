import type * as React from 'react';

import { showing } from './camera';
import { neighbour } from './graph-keys';
import type { IBox, IPicture } from './graph-layout';
import type { IBoxActions } from './graph-scene';
import type { IMovingCamera } from './use-camera';
import { isGroupVertex } from './graph-layout';

/** Factors of one step closer and farther. */
export const CLOSER = 1.25;
export const FARTHER = 0.8;
/** Pixels that the picture moves by one key. */
const STEP = 80;

/** What the keys of a graph act on. */
export interface IGraphKeysOptions {
  readonly picture: IPicture | null;
  readonly camera: IMovingCamera;
  /** The box where the keyboard is. */
  readonly here: IBox | undefined;
  readonly setCursor: (vertex: string) => void;
  readonly actions: IBoxActions;
  readonly direction: 'TB' | 'LR';
}

/** Arrows go from box to box, with Shift they move the picture; Enter shows a box, Space folds it; + - 0 scale. */
export function useGraphKeys(
  options: IGraphKeysOptions
): (event: React.KeyboardEvent) => void {
  const { picture, camera, here, actions } = options;
  const go = (box: IBox | undefined): void => {
    if (box) {
      options.setCursor(box.vertex.id);
      camera.move(showing(camera.now(), box, camera.size));
    }
  };
  const act = (event: React.KeyboardEvent): boolean => {
    const { key } = event;
    if (key === '+' || key === '=') {
      camera.zoom(CLOSER);
    } else if (key === '-') {
      camera.zoom(FARTHER);
    } else if (key === '0') {
      camera.reset();
    } else if (key.startsWith('Arrow') && event.shiftKey) {
      const { x, y, scale } = camera.now();
      const [dx, dy] = MOVES[key] ?? [0, 0];
      camera.move({ scale, x: x + dx * STEP, y: y + dy * STEP });
    } else if (!picture) {
      return false;
    } else if (key === 'Enter' && here) {
      actions.choose(here.vertex.id);
    } else if (key === ' ' && here) {
      if (isGroupVertex(here.vertex)) {
        actions.fold(here);
      }
    } else if (key === 'Home') {
      go(picture.boxes[0]);
    } else if (key === 'End') {
      go(picture.boxes[picture.boxes.length - 1]);
    } else if (key.startsWith('Arrow')) {
      const next = neighbour(
        picture,
        here?.vertex.id ?? '',
        key,
        options.direction
      );
      go(picture.boxes.find(box => box.vertex.id === next));
    } else {
      return false;
    }
    return true;
  };
  return event => {
    if (
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey &&
      event.target === event.currentTarget &&
      act(event)
    ) {
      event.preventDefault();
    }
  };
}

/** Which way the picture moves, so that what lies there comes into sight. */
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1]
};
