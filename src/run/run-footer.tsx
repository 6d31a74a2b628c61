import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from './environment';
import { openHistoryMenu } from './history-menu';
import type { RunModel } from './run-model';
import { dateTime } from './words';

/** Properties of the last line. */
export interface IRunFooterProps {
  readonly model: RunModel;
  readonly view: RunView;
  readonly isDriftShown: boolean;
  readonly onDrift: () => void;
}

/** The last line: how the cell relates to this run, its other runs, and where the run is filed. */
export function RunFooter(props: IRunFooterProps): JSX.Element {
  const { model, view } = props;
  const environment = useRunEnvironment();
  const { trans } = environment;
  const history = React.useRef<HTMLButtonElement>(null);
  const { run } = view;
  const { drift } = model;
  const facts = [
    drift === 'same' ? trans.__('Cell unchanged since this run') : '',
    run.experiment ? trans.__('experiment %1', run.experiment.name) : '',
    trans.__('pipeline %1', run.pipeline.version_name ?? run.pipeline.name),
    dateTime(run.created_at),
    run.run_id.slice(0, 8)
  ].filter(Boolean);
  return (
    <div className="jp-KfpRun-footer">
      <Drift {...props} />
      {model.isCompiledAnew && (
        <span
          className="jp-KfpRun-drift"
          title={trans.__(
            'A later cell of this notebook compiled the pipeline to something else than this run was made of.'
          )}
        >
          {trans.__('Compiled pipeline differs')}
        </span>
      )}
      <span className="jp-KfpRun-facts" title={facts.join('\n')}>
        {facts.join(' · ')}
      </span>
      {model.history.length > 1 && (
        <>
          <span className="jp-KfpRun-space" />
          <button
            ref={history}
            type="button"
            className="jp-KfpTextButton"
            aria-haspopup="menu"
            onClick={() => {
              if (history.current) {
                openHistoryMenu(history.current, model, environment);
              }
            }}
          >
            {trans.__('Runs of this cell (%1)', model.history.length)}
          </button>
        </>
      )}
    </div>
  );
}

function Drift(props: IRunFooterProps): JSX.Element | null {
  const { model } = props;
  const { trans, host, trusted } = useRunEnvironment();
  switch (model.drift) {
    case 'removed':
      return (
        <span className="jp-KfpRun-drift">
          {trans.__('A cell used by this run was removed')}
        </span>
      );
    case 'edited':
      return (
        <>
          <span className="jp-KfpRun-drift">
            {trans.__('Edited since this run')}
          </span>
          {host.sources && (
            <button
              type="button"
              className="jp-KfpTextButton"
              aria-expanded={props.isDriftShown}
              onClick={props.onDrift}
            >
              {trans.__('Show difference')}
            </button>
          )}
          {trusted && host.runCell && (
            <button
              type="button"
              className="jp-KfpTextButton"
              onClick={() => host.runCell?.()}
            >
              {trans.__('Run again')}
            </button>
          )}
        </>
      );
    case 'same':
    case null:
      return null;
  }
}
