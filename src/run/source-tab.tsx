import * as React from 'react';

import { CopyButton } from './copy-button';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { useSource } from './use-source';

/** The pipeline as it was submitted. */
export function SourceTab(props: { readonly model: RunModel }): JSX.Element {
  const { trans } = useRunEnvironment();
  const { text, problem } = useSource(props.model);
  if (text === null) {
    return (
      <p className="jp-KfpEmpty">
        {problem ||
          (props.model.isWatching
            ? trans.__('Loading the source…')
            : trans.__('The source is shown when the run is connected.'))}
      </p>
    );
  }
  return (
    <div className="jp-KfpSource">
      <CopyButton label={trans.__('Copy')} text={() => text} />
      <pre className="jp-KfpArtifact-text" tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
