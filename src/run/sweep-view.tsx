import { useVirtualizer } from '@tanstack/react-virtual';
import { isFinalRunState } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { perform } from '../commands/tell';
import { StateIcon } from '../icons/state-icon';
import {
  RunEnvironmentProvider,
  useAnyChange,
  useRunNow,
  useRunEnvironment,
  useRunModel,
  type IRunEnvironment
} from './environment';
import { metricValues } from './headline';
import { readable, shortValue } from './results/value-text';
import { runSeconds } from './run-header';
import type { RunModel } from './run-model';
import { useRunStateText } from './run-state-text';
import { RunView } from './run-view';
import {
  bestFirst,
  differingParameters,
  parameterOf,
  sweepMetric,
  type ISweepMetric
} from './sweep-rows';
import { Duration, Name } from './name';

/** Rows up to which all of them are drawn; more scroll in a window of this many. */
const ALL = 20;
/** Pixels of a row, and of the names of the columns. */
const ROW = 28;
const HEAD = 24;
/** Runs that a comparison has room for. */
const MOST = 10;

/** Properties of a sweep. */
export interface ISweepViewProps {
  readonly models: readonly RunModel[];
  readonly environment: IRunEnvironment;
}

/** Several runs of one cell: a row each with what differs between them; a row opens to the whole run. */
export function SweepView(props: ISweepViewProps): JSX.Element {
  return (
    <RunEnvironmentProvider value={props.environment}>
      <Sweep {...props} />
    </RunEnvironmentProvider>
  );
}

function Sweep(props: ISweepViewProps): JSX.Element {
  const { models, environment } = props;
  const { trans } = environment;
  const [open, setOpen] = React.useState<RunModel | null>(null);
  React.useEffect(() => {
    open?.open(true);
    return () => open?.open(false);
  }, [open]);
  const version = useAnyChange(models);
  const { differing, metric, ended } = React.useMemo(() => {
    const views = models.flatMap(model => (model.view ? [model.view] : []));
    return {
      differing: differingParameters(views),
      metric: sweepMetric(views),
      ended: models.filter(model => model.isFinal).length
    };
  }, [models, version]);
  const scroll = React.useRef<HTMLDivElement>(null);
  const isLong = models.length > ALL;
  const [openHeight, openRow] = useHeight();
  const list = useVirtualizer({
    count: models.length,
    getScrollElement: () => scroll.current,
    estimateSize: index => (models[index] === open ? ROW + openHeight : ROW),
    overscan: 8,
    initialRect: { width: 600, height: ALL * ROW }
  });
  // sizes are kept until somebody says that they changed
  React.useLayoutEffect(() => list.measure(), [list, open, openHeight]);
  const items = list.getVirtualItems();
  const shown = isLong
    ? items.map(item => item.index)
    : models.map((_, index) => index);
  const above = isLong ? (items[0]?.start ?? 0) : 0;
  const below = isLong
    ? list.getTotalSize() - (items[items.length - 1]?.end ?? 0)
    : 0;
  const columns = differing.length + 4;
  return (
    <div
      className="jp-KfpRun jp-mod-sweep"
      role="region"
      aria-label={trans.__('Pipeline runs of this cell')}
    >
      <SweepHeader models={models} ended={ended} metric={metric} />
      <div
        ref={scroll}
        className="jp-KfpSweep"
        tabIndex={isLong ? 0 : undefined}
        role={isLong ? 'group' : undefined}
        aria-label={isLong ? trans.__('Runs') : undefined}
        style={isLong ? { maxHeight: HEAD + ALL * ROW } : undefined}
      >
        <table className="jp-KfpTable" aria-rowcount={models.length + 1}>
          <thead>
            <tr>
              <th scope="col">{trans.__('Run')}</th>
              {differing.map(name => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">{trans.__('State')}</th>
              <th scope="col">{trans.__('Duration')}</th>
              <th scope="col">{metric?.name ?? trans.__('Metric')}</th>
            </tr>
          </thead>
          <tbody>
            {above > 0 && <Gap height={above} />}
            {shown.map(index => {
              const model = models[index];
              return (
                <React.Fragment key={model.view?.run.run_id ?? index}>
                  <SweepRow
                    model={model}
                    index={index}
                    differing={differing}
                    metric={metric}
                    isOpen={open === model}
                    onToggle={() => setOpen(open === model ? null : model)}
                  />
                  {open === model && (
                    <tr ref={openRow} className="jp-KfpSweep-open">
                      <td colSpan={columns}>
                        <RunView model={model} environment={environment} />
                      </td>
                    </tr>
                  )}
                </React.Fragment>
              );
            })}
            {below > 0 && <Gap height={below} />}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** How many there are and how many have ended, and the way to compare them. */
function SweepHeader(props: {
  readonly models: readonly RunModel[];
  readonly ended: number;
  readonly metric: ISweepMetric | null;
}): JSX.Element {
  const { models, ended, metric } = props;
  const { trans, host, trusted } = useRunEnvironment();
  const runs = models.flatMap(model =>
    model.view && model.store
      ? [{ view: model.view, key: { ...model.keyOf(model.view) } }]
      : []
  );
  return (
    <div className="jp-KfpRun-header">
      <span className="jp-KfpRun-state">
        <bdi>{trans._n('%1 run', '%1 runs', models.length)}</bdi>
      </span>
      <span className="jp-KfpRun-progress">
        <bdi>{trans.__('%1 ended', ended)}</bdi>
      </span>
      <span className="jp-KfpRun-space" />
      {trusted &&
        runs.length > 1 &&
        host.commands?.hasCommand(CommandIDs.compareRuns) && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() => {
              if (host.commands) {
                perform(host.commands, CommandIDs.compareRuns, {
                  runs: (runs.length > MOST ? bestFirst(runs, metric) : runs)
                    .slice(0, MOST)
                    .map(({ key }) => key)
                });
              }
            }}
          >
            {runs.length <= MOST
              ? trans.__('Compare')
              : metric
                ? trans.__('Compare the best %1', MOST)
                : trans.__('Compare the first %1', MOST)}
          </button>
        )}
    </div>
  );
}

// the height of an element as it is drawn, and where to hang it
function useHeight(): readonly [
  height: number,
  ref: React.RefCallback<HTMLElement>
] {
  const [height, setHeight] = React.useState(0);
  const observer = React.useRef<ResizeObserver | null>(null);
  const ref = React.useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect();
    if (element) {
      const measure = (): void => setHeight(element.offsetHeight);
      observer.current = new ResizeObserver(measure);
      observer.current.observe(element);
      measure();
    }
  }, []);
  return [height, ref];
}

function Gap(props: { readonly height: number }): JSX.Element {
  return (
    <tr aria-hidden="true">
      <td className="jp-KfpSweep-gap" style={{ height: props.height }} />
    </tr>
  );
}

interface ISweepRowProps {
  readonly model: RunModel;
  readonly index: number;
  readonly differing: readonly string[];
  readonly metric: ISweepMetric | null;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function SweepRow(props: ISweepRowProps): JSX.Element | null {
  const model = useRunModel(props.model);
  const { trans } = useRunEnvironment();
  const { metric } = props;
  const { view } = model;
  const isMoving =
    view !== null && !isFinalRunState(view.run.state) && !model.isStale;
  const now = useRunNow(model, isMoving);
  const stateText = useRunStateText(model, view);
  if (!view) {
    return null;
  }
  const seconds = runSeconds(view, isMoving, now);
  const value = metric ? metricValues(view).get(metric.name) : undefined;
  return (
    <tr aria-rowindex={props.index + 2}>
      <th scope="row">
        <button
          type="button"
          className="jp-KfpActive-button"
          aria-expanded={props.isOpen}
          onClick={props.onToggle}
        >
          <StateIcon sign={view.run.state} size={14} />
          <span className="jp-KfpActive-name">
            <Name>{view.run.name}</Name>
          </span>
        </button>
      </th>
      {props.differing.map(name => (
        <td key={name} className="jp-KfpTable-number">
          {shortValue(parameterOf(view, name))}
        </td>
      ))}
      <td>{stateText}</td>
      <td className="jp-KfpTable-number">
        {seconds === null ? '' : <Duration seconds={seconds} />}
      </td>
      <td className="jp-KfpTable-number">
        {value === undefined ? '' : readable(value)}
        {value !== undefined && value === metric?.best && (
          <span className="jp-KfpSweep-best">
            <span aria-hidden="true">★ </span>
            {trans.__('best')}
          </span>
        )}
      </td>
    </tr>
  );
}
