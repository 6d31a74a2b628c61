import * as React from 'react';

/** Widths at which the layout changes, in pixels. */
const NARROW = 480;
const WIDE = 960;
/** Width from which the header has room for everything. */
const ROOMY = 720;

/** How much room a view has. */
export type ViewSize = 'narrow' | 'medium' | 'wide';

/** The room of a view, and the classes that tell it to the style sheets. */
export function useSize(ref: React.RefObject<HTMLElement>): {
  readonly size: ViewSize;
  readonly classes: string;
} {
  const width = useWidth(ref);
  const size =
    width === 0 || width >= WIDE
      ? 'wide'
      : width < NARROW
        ? 'narrow'
        : 'medium';
  const isRoomy = width === 0 || width >= ROOMY;
  return { size, classes: `jp-mod-${size} ${isRoomy ? 'jp-mod-roomy' : ''}` };
}

function useWidth(ref: React.RefObject<HTMLElement>): number {
  const [width, setWidth] = React.useState(0);
  React.useLayoutEffect(() => {
    const node = ref.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() => setWidth(node.offsetWidth));
    observer.observe(node);
    setWidth(node.offsetWidth);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
