import type { OutputValue } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { sentenceOf } from '../../gateway/gateway-error';
import type { IRunStore } from '../run-store';

/** An artifact whose metadata are drawn, and where the whole of them is to be had. */
export interface IMetadataSource {
  /** Null while the run is not connected. */
  readonly store: IRunStore | null;
  readonly taskId: string;
  readonly output: OutputValue;
}

/** Artifacts with all of their metadata. */
export interface IWholeMetadata {
  /** In the order of the sources; null where there is none, or it is still on its way. */
  readonly outputs: readonly (OutputValue | null)[];
  /** Why some are missing; empty when none are, or none yet. */
  readonly problem: string;
}

/** Read the metadata that are too long to come with their runs. */
export function useWholeMetadata(
  sources: readonly (IMetadataSource | null)[]
): IWholeMetadata {
  const [known, setKnown] = React.useState<ReadonlyMap<string, string>>(
    new Map()
  );
  const [problem, setProblem] = React.useState('');
  const wanted = sources.flatMap(source =>
    source?.store && source.output.cut !== undefined ? [source] : []
  );
  React.useEffect(() => {
    let isCurrent = true;
    for (const source of wanted) {
      const { store, taskId, output } = source;
      store
        ?.value({ task_id: taskId, side: 'outputs', name: output.name })
        .then(json => {
          if (isCurrent) {
            setKnown(before => new Map(before).set(keyOf(source), json));
          }
        })
        .catch((reason: unknown) => {
          if (isCurrent) {
            setProblem(sentenceOf(reason));
          }
        });
    }
    return () => {
      isCurrent = false;
    };
    // the sources are made anew with every picture of the run, what they are of is not
  }, [wanted.map(keyOf).join('\n')]);
  return {
    outputs: sources.map(source => {
      if (!source || source.output.cut === undefined) {
        return source?.output ?? null;
      }
      const metadata = known.get(keyOf(source));
      return metadata === undefined ? null : { ...source.output, metadata };
    }),
    problem
  };
}

function keyOf({ store, taskId, output }: IMetadataSource): string {
  return [store?.key.connection, store?.key.run_id, taskId, output.name].join(
    '/'
  );
}
