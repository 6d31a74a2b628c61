import type { OutputValue, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CopyButton } from '../copy-button';
import { typeWord } from '../words';
import { useRunEnvironment } from '../environment';
import type { RunModel } from '../run-model';
import { bytesText } from './artifact-kind';
import { LoadedArtifact } from './loaded-artifact';
import { CHARTS, slicesOf } from './metrics';
import { SlicedView } from './sliced-view';
import { useWholeMetadata } from './use-whole-metadata';
import { JsonTree } from './value';
import { parsed } from './value-text';
import { Name } from '../name';
import { shownName } from '../shown-name';

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
  const store = model.isWatching ? model.store : null;
  const id = output.artifact_id;
  const isChart = CHARTS.includes(output.type);
  // metrics stand in the metadata; there is nothing to download
  const hasNoFile = isChart || output.type === 'system.Metrics';
  const canOpen =
    (isChart && output.cut === undefined) ||
    (store !== null && id !== undefined);
  return (
    <div className="jp-KfpArtifact">
      <div className="jp-KfpArtifact-header">
        <span className="jp-KfpArtifact-name">
          <Name>{output.name}</Name>
        </span>
        <span className="jp-KfpArtifact-type">
          {typeWord(output.type, trans)}
        </span>
        {output.size !== undefined && (
          <span className="jp-KfpArtifact-type">{bytesText(output.size)}</span>
        )}
        <span className="jp-KfpRun-space" />
        {canOpen && (isChart || !hasNoFile) && (
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
          <CopyButton
            label={trans.__('Copy URI')}
            text={() => output.uri ?? ''}
          />
        )}
        {store && id !== undefined && !hasNoFile && (
          <a
            className="jp-KfpButton"
            href={store.artifactUrl(id)}
            download={shownName(output.name)}
          >
            {trans.__('Download')}
          </a>
        )}
      </div>
      {output.uri && <div className="jp-KfpArtifact-uri">{output.uri}</div>}
      {isOpen && isChart && <Charts {...props} store={store} />}
      {isOpen && !isChart && store && id !== undefined && (
        <LoadedArtifact store={store} artifactId={id} name={output.name} />
      )}
      {!hasNoFile && <Metadata json={output.metadata ?? '{}'} />}
    </div>
  );
}

/** What the task wrote beside the file; nothing where that is nothing. */
function Metadata(props: { readonly json: string }): JSX.Element | null {
  const { trans } = useRunEnvironment();
  const value = React.useMemo(() => parsed(props.json), [props.json]);
  const count =
    typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  return count === 0 ? null : (
    <JsonTree
      value={value}
      label={trans._n('metadata, %1 entry', 'metadata, %1 entries', count)}
    />
  );
}

/** Curves and matrices, which stand in the metadata; what is too long to come with the run is asked for. */
function Charts(
  props: IArtifactViewProps & { readonly store: RunModel['store'] }
): JSX.Element {
  const { store, task, output } = props;
  const { trans } = useRunEnvironment();
  const { outputs, problem } = useWholeMetadata([
    { store, taskId: task.id, output }
  ]);
  const whole = outputs[0];
  const slices = React.useMemo(
    () => whole && slicesOf(whole),
    [whole?.metadata]
  );
  return whole ? (
    <SlicedView name={output.name} slices={slices ?? []} />
  ) : (
    <p className="jp-KfpEmpty">{problem || trans.__('Loading…')}</p>
  );
}
