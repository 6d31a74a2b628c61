import * as React from 'react';

import {
  drawnPart,
  fit,
  showing,
  zoomed,
  type ICamera,
  type IRect,
  type ISize
} from './camera';
import type { IPicture } from './graph-layout';

/** A camera over a picture. Moving it draws nothing anew while the drawn part stays the same. */
export interface IMovingCamera {
  readonly size: ISize;
  /** The part of the picture to draw. */
  readonly part: IRect;
  /** Where the camera is now. */
  readonly now: () => ICamera;
  readonly move: (camera: ICamera) => void;
  readonly zoom: (
    factor: number,
    at?: { readonly x: number; readonly y: number }
  ) => void;
  /** Show all again. */
  readonly reset: () => void;
  /** Tell `onMoved` once more where the camera is. */
  readonly touch: () => void;
}

/** What a camera needs to know. */
export interface ICameraOptions {
  readonly direction: 'TB' | 'LR';
  /** Id of the vertex to have in sight at first, where not all fits. */
  readonly home: string;
  /** Whether the wheel alone moves the picture. */
  readonly isWheelMoving: boolean;
  /** Told in the same frame; moves what follows the camera without drawing. */
  readonly onMoved: (camera: ICamera, size: ISize) => void;
}

/** Let a picture be moved by dragging, by the wheel, with Ctrl or Cmd scaled by it, and both by calls. */
export function useCamera(
  field: React.RefObject<HTMLElement>,
  picture: IPicture | null,
  options: ICameraOptions
): IMovingCamera {
  const { direction, home, onMoved } = options;
  const size = useSize(field);
  const camera = React.useRef<ICamera>({ x: 0, y: 0, scale: 1 });
  const isMoved = React.useRef(false);
  const [part, setPart] = React.useState<IRect>(NOTHING);
  const latest = React.useRef({ size, onMoved });
  latest.current = { size, onMoved };

  const place = React.useCallback((next: ICamera): void => {
    camera.current = next;
    latest.current.onMoved(next, latest.current.size);
    const drawn = drawnPart(next, latest.current.size);
    setPart(known => (isSame(known, drawn) ? known : drawn));
  }, []);
  const move = React.useCallback((next: ICamera): void => {
    isMoved.current = true;
    place(next);
  }, []);
  const zoom: IMovingCamera['zoom'] = (factor, at) =>
    move(
      zoomed(
        camera.current,
        factor,
        at ?? { x: size.width / 2, y: size.height / 2 }
      )
    );
  const reset = (): void => {
    isMoved.current = false;
    if (picture) {
      place(start(picture));
    }
  };
  const start = (first: IPicture): ICamera => {
    const all = fit(first, size, direction);
    const box = first.boxes.find(each => each.vertex.id === home);
    return box ? showing(all, box, size) : all;
  };

  React.useLayoutEffect(() => {
    if (picture) {
      place(isMoved.current ? camera.current : start(picture));
    }
  }, [picture, size.width, size.height, direction]);
  useDrag(field, camera, move);
  useWheel(field, zoom, (dx, dy) => {
    const { x, y, scale } = camera.current;
    if (options.isWheelMoving) {
      move({ scale, x: x - dx, y: y - dy });
    }
    return options.isWheelMoving;
  });
  return {
    size,
    part,
    now: () => camera.current,
    move,
    zoom,
    reset,
    touch: () => place(camera.current)
  };
}

const NOTHING: IRect = { x: 0, y: 0, width: 0, height: 0 };

function isSame(a: IRect, b: IRect): boolean {
  return (
    a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
  );
}

function useSize(ref: React.RefObject<HTMLElement>): ISize {
  const [size, setSize] = React.useState<ISize>({ width: 0, height: 0 });
  React.useLayoutEffect(() => {
    const node = ref.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const look = (): void =>
      setSize({ width: node.clientWidth, height: node.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(node);
    look();
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

// a click stays a click until the pointer has moved a little
function useDrag(
  field: React.RefObject<HTMLElement>,
  camera: React.RefObject<ICamera>,
  move: (camera: ICamera) => void
): void {
  React.useEffect(() => {
    const node = field.current;
    let start: { x: number; y: number; camera: ICamera } | null = null;
    let isDragged = false;
    const onDown = (event: PointerEvent): void => {
      const target = event.target as Element;
      isDragged = false;
      if (
        event.button === 0 &&
        camera.current &&
        !target.closest('button, .jp-KfpGraph-overview')
      ) {
        start = { x: event.clientX, y: event.clientY, camera: camera.current };
      }
    };
    const onMove = (event: PointerEvent): void => {
      if (!start || event.buttons !== 1) {
        start = null;
        return;
      }
      const dx = event.clientX - start.x;
      const dy = event.clientY - start.y;
      if (isDragged || Math.abs(dx) + Math.abs(dy) > 3) {
        isDragged = true;
        move({
          ...start.camera,
          x: start.camera.x + dx,
          y: start.camera.y + dy
        });
      }
    };
    const onUp = (): void => {
      start = null;
    };
    // where a drag ends nothing is chosen
    const onClick = (event: MouseEvent): void => {
      if (isDragged) {
        event.stopPropagation();
        isDragged = false;
      }
    };
    node?.addEventListener('click', onClick, { capture: true });
    node?.addEventListener('pointerdown', onDown);
    node?.addEventListener('pointermove', onMove);
    node?.addEventListener('pointerup', onUp);
    return () => {
      node?.removeEventListener('click', onClick, { capture: true });
      node?.removeEventListener('pointerdown', onDown);
      node?.removeEventListener('pointermove', onMove);
      node?.removeEventListener('pointerup', onUp);
    };
  }, [field, camera, move]);
}

function useWheel(
  ref: React.RefObject<HTMLElement>,
  onZoom: (factor: number, at: { x: number; y: number }) => void,
  onMove: (dx: number, dy: number) => boolean
): void {
  const latest = React.useRef({ onZoom, onMove });
  latest.current = { onZoom, onMove };
  React.useEffect(() => {
    const node = ref.current;
    const onWheel = (event: WheelEvent): void => {
      if (node && (event.ctrlKey || event.metaKey)) {
        event.preventDefault(); // the page would zoom
        const box = node.getBoundingClientRect();
        latest.current.onZoom(Math.exp(-event.deltaY / 300), {
          x: event.clientX - box.left,
          y: event.clientY - box.top
        });
      } else if (latest.current.onMove(...wheelPixels(event))) {
        event.preventDefault();
      }
    };
    node?.addEventListener('wheel', onWheel, { passive: false });
    return () => node?.removeEventListener('wheel', onWheel);
  }, [ref]);
}

// some browsers count lines; with Shift a wheel that only turns goes sideways
function wheelPixels(event: WheelEvent): readonly [number, number] {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 16;
  const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
  return event.shiftKey && dx === 0 ? [dy, 0] : [dx, dy];
}
