import type { ArtifactInfo } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { sentenceOf } from '../../gateway/gateway-error';
import { useRunEnvironment } from '../environment';
import type { IRunStore } from '../run-store';
import { ArtifactContent } from './artifact-content';
import {
  artifactKind,
  bytesText,
  canBeCut,
  LIMITS,
  type ArtifactKind
} from './artifact-kind';

type Loading =
  | { readonly step: 'loading' }
  | { readonly step: 'failed'; readonly problem: string }
  | { readonly step: 'too-large'; readonly info: ArtifactInfo }
  | {
      readonly step: 'ready';
      readonly kind: ArtifactKind;
      readonly info: ArtifactInfo;
      readonly blob: Blob | null;
      readonly isCut: boolean;
    };

/** The content of an artifact, read when it is drawn and no further than it is shown. */
export function LoadedArtifact(props: {
  readonly store: IRunStore;
  readonly artifactId: string;
  readonly name: string;
}): JSX.Element {
  const { store, artifactId, name } = props;
  const { trans } = useRunEnvironment();
  const [state, setState] = React.useState<Loading>({ step: 'loading' });
  React.useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<Loading> => {
      const info = await store.artifactInfo(artifactId);
      const kind = artifactKind(info);
      if (kind === 'none') {
        return { step: 'ready', kind, info, blob: null, isCut: false };
      }
      const limit = LIMITS[kind];
      if ((info.size ?? 0) > limit && !canBeCut(kind)) {
        return { step: 'too-large', info };
      }
      // the size is not always known before, so never more than what can be shown is asked for
      const blob = await store.artifact(artifactId, limit + 1);
      if (blob.size <= limit) {
        return { step: 'ready', kind, info, blob, isCut: false };
      }
      return canBeCut(kind)
        ? {
            step: 'ready',
            kind: kind === 'json' ? 'text' : kind,
            info,
            blob: blob.slice(0, limit),
            isCut: true
          }
        : { step: 'too-large', info };
    };
    load()
      .catch((reason: unknown): Loading => ({
        step: 'failed',
        problem: sentenceOf(reason)
      }))
      .then(next => {
        if (isCurrent) {
          setState(next);
        }
      })
      .catch(reason =>
        console.error('The state of an artifact could not be set.', reason)
      );
    return () => {
      isCurrent = false;
    };
  }, [store, artifactId]);

  switch (state.step) {
    case 'loading':
      return <p className="jp-KfpEmpty">{trans.__('Loading…')}</p>;
    case 'failed':
      return <p className="jp-KfpEmpty">{state.problem}</p>;
    case 'too-large':
      return (
        <p className="jp-KfpEmpty">
          {state.info.size === undefined
            ? trans.__('This is too large to show here. It can be downloaded.')
            : trans.__(
                '%1 is too large to show here. It can be downloaded.',
                bytesText(state.info.size)
              )}
        </p>
      );
    case 'ready':
      return state.blob ? (
        <>
          {state.isCut && (
            <p className="jp-KfpEmpty">
              {trans.__(
                'Only the first %1 are shown. The download has all.',
                bytesText(state.blob.size)
              )}
            </p>
          )}
          <ArtifactContent
            kind={state.kind}
            name={name}
            blob={state.blob}
            isCut={state.isCut}
          />
        </>
      ) : (
        <p className="jp-KfpEmpty">
          {state.info.is_folder
            ? trans.__('A folder. It can be downloaded as an archive.')
            : trans.__('No preview for %1.', state.info.media_type)}
        </p>
      );
  }
}
