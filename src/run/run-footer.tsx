import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { dateTime } from './words';

/** The last line: how the cell relates to this run, and where the run is filed. */
export function RunFooter(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const { run } = view;
  const { drift } = model;
  const facts = [
    drift === 'same'
      ? trans.__('Cell unchanged since this run')
      : drift === 'removed'
        ? trans.__('A cell used by this run was removed')
        : '',
    run.experiment ? trans.__('experiment %1', run.experiment.name) : '',
    trans.__('pipeline %1', run.pipeline.version_name ?? run.pipeline.name),
    dateTime(run.created_at),
    run.run_id.slice(0, 8)
  ].filter(Boolean);
  return (
    <div className="jp-KfpRun-footer">
      {drift === 'edited' && (
        <span className="jp-KfpRun-drift">
          {trans.__('Edited since this run')}
        </span>
      )}
      <span className="jp-KfpRun-facts">{facts.join(' · ')}</span>
    </div>
  );
}
