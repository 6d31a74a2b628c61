import * as React from 'react';

import { sentenceOf } from '../gateway/gateway-error';
import type { RunModel } from './run-model';

/** The pipeline of a run as it was submitted, once it is there. */
export interface IPipelineSource {
  /** Null until it came. */
  readonly text: string | null;
  /** Why there is none; empty when there is or may be one. */
  readonly problem: string;
}

/** Read the submitted pipeline of a run that is being watched. */
export function useSource(model: RunModel): IPipelineSource {
  const store = model.isWatching ? model.store : null;
  const [source, setSource] = React.useState<IPipelineSource>(NOTHING);
  React.useEffect(() => {
    let isCurrent = true;
    const take = (next: IPipelineSource): void => {
      if (isCurrent) {
        setSource(next);
      }
    };
    take(NOTHING);
    store
      ?.source()
      .then(({ text }) => take({ text, problem: '' }))
      .catch((reason: unknown) =>
        take({ text: null, problem: sentenceOf(reason) })
      );
    return () => {
      isCurrent = false;
    };
  }, [store]);
  return source;
}

const NOTHING: IPipelineSource = { text: null, problem: '' };
