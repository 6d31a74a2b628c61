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
import { ChartsPart } from './charts-part';
import { comparedCharts, comparedDocuments } from './compared-artifacts';
import { ComparedPart, rowId } from './compared-part';
import { compareRuns, type IComparison } from './comparison';
import { DocumentsPart } from './documents-part';
import { PipelinePart } from './pipeline-part';
import { nextOrder, orderOf, type IRunOrder } from './run-order';
import { shownName } from '../run/shown-name';

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
  /** Write a cell that compares the runs; absent where there is no notebook. */
  readonly onInsert?: (models: readonly RunModel[]) => void;
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
  const { trans } = useRunEnvironment();
  const version = useAnyChange(props.models);
  const isMoving = props.models.some(
    ({ view }) => view !== null && !isFinalRunState(view.run.state)
  );
  const now = useNow(isMoving);
  const [isDifferingOnly, setDifferingOnly] = React.useState(false);
  const [order, setOrder] = React.useState<IRunOrder | null>(null);
  const lay = (models: readonly RunModel[]): IComparison =>
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
    );
  const models = React.useMemo(
    () => inOrder(props.models, order, lay),
    [props.models, version, order]
  );
  const compared = React.useMemo(() => lay(models), [models, version, now]);
  const views = models.map(({ view }) => view);
  const [charts, documents] = React.useMemo(
    () => [comparedCharts(views), comparedDocuments(views)],
    [models, version]
  );
  const names = models.map(nameOf);
  const part = (
    id: keyof IComparison & ('about' | 'parameters' | 'metrics' | 'tasks'),
    title?: string
  ): JSX.Element => (
    <ComparedPart
      id={id}
      title={title}
      rows={compared[id]}
      isDifferingOnly={isDifferingOnly}
      order={order}
      onOrder={row => setOrder(nextOrder(order, row))}
    />
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
        {props.onInsert && models.length > 1 && (
          <>
            <span className="jp-KfpRun-space" />
            <button
              type="button"
              className="jp-KfpButton"
              title={trans.__(
                'Insert a cell into the notebook used last that says how the first two runs differ'
              )}
              onClick={() => props.onInsert?.(models)}
            >
              {trans.__('Insert as cell')}
            </button>
          </>
        )}
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
            {part('about')}
            {part('parameters', trans.__('Parameters'))}
            {part('metrics', trans.__('Metrics'))}
            {part('tasks', trans.__('Tasks'))}
          </table>
          <ChartsPart artifacts={charts} models={models} names={names} />
          <DocumentsPart artifacts={documents} models={models} names={names} />
          {models.length > 1 && (
            <PipelinePart models={models} isSame={compared.isSamePipeline} />
          )}
        </div>
      )}
    </div>
  );
}

function nameOf(model: RunModel): string {
  return shownName(model.view?.run.name ?? model.store?.key.run_id ?? '');
}

/** The runs in the order of the values of a row, else as they were added. */
function inOrder(
  models: readonly RunModel[],
  order: IRunOrder | null,
  lay: (models: readonly RunModel[]) => IComparison
): readonly RunModel[] {
  if (!order) {
    return models;
  }
  const compared = lay(models);
  const row = (['about', 'parameters', 'metrics', 'tasks'] as const)
    .flatMap(id => compared[id].map(each => ({ id: rowId(id, each), each })))
    .find(({ id }) => id === order.row)?.each;
  return row
    ? orderOf(row.keys ?? row.values, order.isDescending).map(
        place => models[place]
      )
    : models;
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
  const name = nameOf(model);
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
