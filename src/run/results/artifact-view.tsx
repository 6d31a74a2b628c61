import type { ArtifactInfo, OutputValue, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { sentenceOf } from '../../gateway/gateway-error';
import { copyText } from '../clipboard';
import { useRunEnvironment } from '../environment';
import type { RunModel } from '../run-model';
import type { IRunStore } from '../run-store';
import { ArtifactContent } from './artifact-content';
import {
  artifactKind,
  bytesText,
  canBeCut,
  LIMITS,
  type ArtifactKind
} from './artifact-kind';
import { slicesOf } from './metrics';
import { SlicedView } from './sliced-view';

/** Properties of an artifact. */
export interface IArtifactViewProps {
  readonly model: RunModel;
  readonly task: TaskView;
  readonly output: OutputValue;
}

/** One artifact: its type and place, and its content once it is opened. */
export function ArtifactView(props: IArtifactViewProps): JSX.Element {
  const { model, output } = props;
  const { trans } = useRunEnvironment();
  const [isOpen, setOpen] = React.useState(false);
  const classification = React.useMemo(() => slicesOf(output), [output]);
  const store = model.isWatching ? model.store : null;
  const id = output.artifact_id;
  const canOpen =
    classification !== null || (store !== null && id !== undefined);
  return (
    <div className="jp-KfpArtifact">
      <div className="jp-KfpArtifact-header">
        <span className="jp-KfpArtifact-name">{output.name}</span>
        <span className="jp-KfpArtifact-type">
          {output.type.replace(/^system\./, '')}
        </span>
        {output.size !== undefined && (
          <span className="jp-KfpArtifact-type">{bytesText(output.size)}</span>
        )}
        <span className="jp-KfpRun-space" />
        {canOpen && output.type !== 'system.Metrics' && (
          <button
            type="button"
            className="jp-KfpButton"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? trans.__('Close') : trans.__('Open')}
          </button>
        )}
        {output.uri && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() => copyText(output.uri ?? '')}
          >
            {trans.__('Copy URI')}
          </button>
        )}
        {store && id !== undefined && (
          <a
            className="jp-KfpButton"
            href={store.artifactUrl(id)}
            download={output.name}
          >
            {trans.__('Download')}
          </a>
        )}
      </div>
      {output.uri && <div className="jp-KfpArtifact-uri">{output.uri}</div>}
      {isOpen && classification && (
        <SlicedView name={output.name} slices={classification} />
      )}
      {isOpen && !classification && store && id !== undefined && (
        <Loaded store={store} artifactId={id} output={output} />
      )}
    </div>
  );
}

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

function Loaded(props: {
  readonly store: IRunStore;
  readonly artifactId: string;
  readonly output: OutputValue;
}): JSX.Element {
  const { store, artifactId, output } = props;
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
            name={output.name}
            blob={state.blob}
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
