import * as React from 'react';

import { useRunEnvironment } from './environment';

/** Show the first items of many, and more of them on demand. */
export function usePart<T>(
  items: readonly T[],
  step: number
): readonly [part: readonly T[], more: JSX.Element | null] {
  const { trans } = useRunEnvironment();
  const [shown, setShown] = React.useState(step);
  return [
    items.slice(0, shown),
    items.length > shown ? (
      <button
        type="button"
        className="jp-KfpButton"
        onClick={() => setShown(shown + step)}
      >
        {trans.__('Show more (%1)', items.length - shown)}
      </button>
    ) : null
  ];
}

/** Show one page of many items, with the way to the others. */
export function usePage<T>(
  items: readonly T[],
  size: number
): readonly [page: readonly T[], pager: JSX.Element | null] {
  const { trans } = useRunEnvironment();
  const [wanted, setWanted] = React.useState(0);
  const pages = Math.max(1, Math.ceil(items.length / size));
  const page = Math.min(wanted, pages - 1); // the items may have become fewer
  return [
    items.slice(page * size, (page + 1) * size),
    pages > 1 ? (
      <div className="jp-KfpPager">
        <button
          type="button"
          className="jp-KfpButton"
          disabled={page === 0}
          onClick={() => setWanted(page - 1)}
        >
          {trans.__('Previous')}
        </button>
        <span>{trans.__('Page %1 of %2', page + 1, pages)}</span>
        <button
          type="button"
          className="jp-KfpButton"
          disabled={page + 1 >= pages}
          onClick={() => setWanted(page + 1)}
        >
          {trans.__('Next')}
        </button>
      </div>
    ) : null
  ];
}
