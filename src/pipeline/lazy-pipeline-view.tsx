import * as React from 'react';

import type { IPipelineViewProps } from './pipeline-view';

// the drawing code is only fetched with the first pipeline that is drawn
const Loaded = React.lazy(async () => ({
  default: (await import('./pipeline-view')).PipelineView
}));

/** The view of a pipeline; an empty frame until its code has come. */
export function LazyPipelineView(props: IPipelineViewProps): JSX.Element {
  return (
    <React.Suspense fallback={<div className="jp-KfpRun jp-mod-empty" />}>
      <Loaded {...props} />
    </React.Suspense>
  );
}
