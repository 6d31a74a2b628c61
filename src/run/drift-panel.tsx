import * as React from 'react';

import type { IFunctionDrift } from './code-drift';
import { DiffLines } from './diff-lines';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { useSource } from './use-source';

/** How the functions that the run was made of differ from those of the notebook now. */
export function DriftPanel(props: {
  readonly model: RunModel;
  readonly onClose: () => void;
}): JSX.Element {
  const { model, onClose } = props;
  const { trans, host } = useRunEnvironment();
  const { text, problem } = useSource(model);
  const [drifts, setDrifts] = React.useState<readonly IFunctionDrift[] | null>(
    null
  );
  const sources = host.sources;
  React.useEffect(() => {
    let isCurrent = true;
    if (text !== null && sources) {
      // the reader of pipelines is large and only needed here
      void import('./code-drift').then(({ codeDrift }) => {
        if (isCurrent) {
          setDrifts(codeDrift(text, sources(model)));
        }
      });
    }
    return () => {
      isCurrent = false;
    };
  }, [text, sources, model.drift]);
  return (
    <section
      className="jp-KfpDrift"
      aria-label={trans.__('What was edited since this run')}
    >
      <header className="jp-KfpDetail-header">
        <h3>{trans.__('Edited since this run')}</h3>
        <span className="jp-KfpRun-space" />
        <button
          type="button"
          className="jp-KfpButton jp-mod-icon"
          aria-label={trans.__('Close')}
          onClick={onClose}
        >
          <span aria-hidden="true">×</span>
        </button>
      </header>
      {drifts === null ? (
        <p className="jp-KfpDetail-quiet">
          {problem ||
            (model.isWatching
              ? trans.__('Loading the source…')
              : trans.__('The source is shown when the run is connected.'))}
        </p>
      ) : drifts.length === 0 ? (
        <p className="jp-KfpDetail-quiet">
          {trans.__(
            'The functions of the tasks are the same. What was edited is the pipeline or something around it.'
          )}
        </p>
      ) : (
        drifts.map(drift => <FunctionDrift key={drift.name} drift={drift} />)
      )}
    </section>
  );
}

function FunctionDrift(props: { readonly drift: IFunctionDrift }): JSX.Element {
  const { drift } = props;
  const { trans } = useRunEnvironment();
  return (
    <>
      <h4>{drift.name}</h4>
      {drift.lines === null ? (
        <p className="jp-KfpDetail-quiet">
          {trans.__('This function is not in the cells any more.')}
        </p>
      ) : (
        <DiffLines lines={drift.lines} />
      )}
    </>
  );
}
