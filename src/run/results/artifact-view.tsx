import type { OutputValue, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CopyButton } from '../copy-button';
import { typeWord } from '../words';
import { useRunEnvironment } from '../environment';
import type { RunModel } from '../run-model';
import { bytesText } from './artifact-kind';
import { LoadedArtifact } from './loaded-artifact';
import { slicesOf } from './metrics';
import { SlicedView } from './sliced-view';
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
  const classification = React.useMemo(() => slicesOf(output), [output]);
  const store = model.isWatching ? model.store : null;
  const id = output.artifact_id;
  const canOpen =
    classification !== null || (store !== null && id !== undefined);
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
          <CopyButton
            label={trans.__('Copy URI')}
            text={() => output.uri ?? ''}
          />
        )}
        {store && id !== undefined && (
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
      {isOpen && classification && (
        <SlicedView name={output.name} slices={classification} />
      )}
      {isOpen && !classification && store && id !== undefined && (
        <LoadedArtifact store={store} artifactId={id} name={output.name} />
      )}
    </div>
  );
}
