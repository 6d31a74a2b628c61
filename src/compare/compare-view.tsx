import '../../style/view.css';

import { isFinalRunState, shownRunState } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import {
  RunEnvironmentProvider,
  useAnyChange,
  useNow,
  useRunEnvironment,
  type IRunEnvironment
} from '../run/environment';
import type { RunModel } from '../run/run-model';
import { runStateWord } from '../run/words';
import { ComparedPart } from './compared-part';
import { compareRuns } from './comparison';
import { PipelinePart } from './pipeline-part';

/** A run that can be put beside the others. */
export interface IRunChoice {
  readonly id: string;
  readonly text: string;
}

/** Properties of the comparison. */
export interface ICompareViewProps {
  /** The runs in the order of their columns. */
  readonly models: readonly RunModel[];
  readonly environment: IRunEnvironment;
  /** Runs that can be added. */
  readonly choices: readonly IRunChoice[];
  readonly onAdd: (id: string) => void;
  readonly onRemove: (model: RunModel) => void;
}

/** Runs side by side: what they were given, what came out, how long each task took, and whether the pipeline is the same. */
export function CompareView(props: ICompareViewProps): JSX.Element {
  return (
    <RunEnvironmentProvider value={props.environment}>
      <Comparison {...props} />
    </RunEnvironmentProvider>
  );
}

function Comparison(props: ICompareViewProps): JSX.Element {
  const { models } = props;
  const { trans } = useRunEnvironment();
  const version = useAnyChange(models);
  const isMoving = models.some(
    ({ view }) => view !== null && !isFinalRunState(view.run.state)
  );
  const now = useNow(isMoving);
  const [isDifferingOnly, setDifferingOnly] = React.useState(false);
  const compared = React.useMemo(
    () =>
      compareRuns(
        models.map(model => model.view),
        {
          duration: trans.__('Duration'),
          pipeline: trans.__('Pipeline'),
          experiment: trans.__('Experiment'),
          connection: trans.__('Connection'),
          sdk: trans.__('SDK')
        },
        now
      ),
    [models, version, now]
  );
  return (
    <div
      className="jp-KfpRun jp-KfpCompare"
      role="region"
      aria-label={trans.__('Comparison of runs')}
    >
      <div className="jp-KfpCompare-tools">
        <AddRun {...props} />
        <label>
          <input
            type="checkbox"
            checked={isDifferingOnly}
            onChange={event => setDifferingOnly(event.target.checked)}
          />{' '}
          {trans.__('Differences only')}
        </label>
      </div>
      {models.length < 2 && (
        <p className="jp-KfpEmpty">
          {trans.__('Add at least two runs to compare them.')}
        </p>
      )}
      {models.length > 0 && (
        <div className="jp-KfpCompare-body">
          <table className="jp-KfpTable">
            <thead>
              <tr>
                <th scope="col">{trans.__('Run')}</th>
                {models.map((model, index) => (
                  <RunHead
                    key={index}
                    model={model}
                    onRemove={() => props.onRemove(model)}
                  />
                ))}
              </tr>
            </thead>
            <ComparedPart rows={compared.about} {...{ isDifferingOnly }} />
            <ComparedPart
              title={trans.__('Parameters')}
              rows={compared.parameters}
              isDifferingOnly={isDifferingOnly}
            />
            <ComparedPart
              title={trans.__('Metrics')}
              rows={compared.metrics}
              isDifferingOnly={isDifferingOnly}
            />
            <ComparedPart
              title={trans.__('Tasks')}
              rows={compared.tasks}
              isDifferingOnly={isDifferingOnly}
            />
          </table>
          {models.length > 1 && (
            <PipelinePart models={models} isSame={compared.isSamePipeline} />
          )}
        </div>
      )}
    </div>
  );
}

/** Put one more run beside the others. */
function AddRun(props: ICompareViewProps): JSX.Element | null {
  const { trans } = useRunEnvironment();
  return props.choices.length === 0 ? null : (
    <select
      className="jp-KfpSelect"
      aria-label={trans.__('Add a run')}
      value=""
      onChange={event => props.onAdd(event.target.value)}
    >
      <option value="">{trans.__('Add a run…')}</option>
      {props.choices.map(({ id, text }) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </select>
  );
}

function RunHead(props: {
  readonly model: RunModel;
  readonly onRemove: () => void;
}): JSX.Element {
  const { model, onRemove } = props;
  const { trans, host } = useRunEnvironment();
  const { view } = model;
  const name = view?.run.name ?? model.store?.key.run_id ?? '';
  return (
    <th scope="col">
      <span className="jp-KfpCompare-head">
        {view ? (
          <button
            type="button"
            className="jp-KfpTextButton"
            title={trans.__('Open %1 in a tab', name)}
            onClick={() => host.openInTab?.(model.keyOf(view))}
          >
            {name}
          </button>
        ) : (
          <span>{name}</span>
        )}
        <button
          type="button"
          className="jp-KfpButton jp-mod-icon"
          aria-label={trans.__('Take %1 out of the comparison', name)}
          onClick={onRemove}
        >
          <span aria-hidden="true">×</span>
        </button>
      </span>
      <span className="jp-KfpCompare-state">
        {view ? (
          <>
            <StateIcon sign={shownRunState(view.run, view.tasks)} size={14} />{' '}
            {runStateWord(
              shownRunState(view.run, view.tasks),
              view.run.state_raw,
              trans
            )}
          </>
        ) : (
          (model.link?.message ?? trans.__('Loading…'))
        )}
      </span>
    </th>
  );
}
