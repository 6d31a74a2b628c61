import * as React from 'react';

import type { IRunViewProps } from './run-view';

// the drawing code is only fetched with the first run that is drawn
const Loaded = React.lazy(async () => ({
  default: (await import('./run-view')).RunView
}));

/** The view of a run; a frame of the same height until its code has come. */
export function LazyRunView(props: IRunViewProps): JSX.Element {
  return (
    <React.Suspense fallback={<div className="jp-KfpRun jp-mod-empty" />}>
      <Loaded {...props} />
    </React.Suspense>
  );
}
