import * as React from 'react';

import type { IRunEnvironment } from './environment';
import { LazyRunView } from './lazy-run-view';
import type { RunModel } from './run-model';

const LazySweep = React.lazy(async () => ({
  default: (await import('./sweep-view')).SweepView
}));

/** Properties of an output with runs. */
export interface IRunsOutputProps {
  readonly models: readonly RunModel[];
  readonly environment: IRunEnvironment;
}

/** One run as itself, several as a table with one row each. */
export function RunsOutput(props: IRunsOutputProps): JSX.Element | null {
  const [first, ...rest] = props.models;
  if (!first) {
    return null;
  }
  if (rest.length === 0) {
    return <LazyRunView model={first} environment={props.environment} />;
  }
  return (
    <React.Suspense fallback={<div className="jp-KfpRun jp-mod-empty" />}>
      <LazySweep {...props} />
    </React.Suspense>
  );
}
