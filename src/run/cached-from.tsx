import type { RunView, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';

/** The run that a cached task was taken from, as the way there. */
export function CachedFrom(props: {
  readonly model: RunModel;
  readonly view: RunView;
  readonly task: TaskView;
  /** Whether Tab stops here; not inside a grid, where the row does. */
  readonly isStop?: boolean;
}): JSX.Element | null {
  const { model, view, task } = props;
  const { trans, host } = useRunEnvironment();
  if (!task.cached_from) {
    return null;
  }
  const { run_id } = task.cached_from;
  const name = trans.__('from run %1', run_id.slice(0, 8));
  const { openInTab } = host;
  return openInTab && model.store ? (
    <button
      type="button"
      className="jp-KfpTextButton"
      tabIndex={props.isStop === false ? -1 : undefined}
      title={trans.__('Open the run that the result was taken from')}
      onClick={event => {
        event.stopPropagation();
        openInTab(
          { connection: model.keyOf(view).connection, run_id },
          'tasks',
          task.cached_from?.task_id
        );
      }}
    >
      {name}
    </button>
  ) : (
    <span className="jp-KfpDetail-quiet">{name}</span>
  );
}
