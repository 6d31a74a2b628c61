import * as React from 'react';

import { layoutGraph, type IPicture } from './graph-layout';
import type { IGraphPart } from './graph-part';

/** Boxes up to which the layout is made at once, because it takes less than a frame. */
const AT_ONCE = 60;

/**
 * The layout of a part of a graph. A small one is there at once; a large one is made in a thread of its own, and meanwhile the last
 * picture stays.
 */
export function usePicture(
  part: IGraphPart,
  direction: 'TB' | 'LR'
): IPicture | null {
  const isSmall = part.graph.vertices.length <= AT_ONCE;
  const small = React.useMemo(
    () =>
      isSmall ? layoutGraph(part.graph, { direction, open: part.open }) : null,
    [part, direction]
  );
  const [large, setLarge] = React.useState<IPicture | null>(null);
  React.useEffect(() => {
    if (isSmall) {
      return;
    }
    let isCurrent = true;
    const options = { direction, open: part.open };
    import('./layout-thread')
      .then(({ layoutInThread }) => layoutInThread(part.graph, options))
      .catch((reason: unknown) => {
        console.warn('Graphs are laid out in the page.', reason);
        return layoutGraph(part.graph, options);
      })
      .then(
        picture => {
          if (isCurrent) {
            setLarge(picture);
          }
        },
        (reason: unknown) => {
          console.error('A graph could not be laid out.', reason);
        }
      );
    return () => {
      isCurrent = false;
    };
  }, [part, direction, isSmall]);
  return small ?? large;
}
