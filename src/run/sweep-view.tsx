import {
  durationText,
  isFinalRunState,
  type RunView as RunPicture
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import {
  RunEnvironmentProvider,
  useNow,
  useRunEnvironment,
  useRunModel,
  type IRunEnvironment
} from './environment';
import { metricsOf } from './results/metrics';
import { readable, shortValue } from './results/value-text';
import { runSeconds, runStateText } from './run-header';
import type { RunModel } from './run-model';
import { RunView } from './run-view';

/** Rows shown before "Show more". */
const PAGE = 20;

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
  const [shown, setShown] = React.useState(PAGE);
  const differing = React.useMemo(() => differingParameters(models), [models]);
  React.useEffect(() => {
    open?.open(true);
    return () => open?.open(false);
  }, [open]);
  return (
    <div
      className="jp-KfpRun jp-mod-sweep"
      role="region"
      aria-label={trans.__('Pipeline runs of this cell')}
    >
      <table className="jp-KfpTable">
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
            <th scope="col">{trans.__('Metric')}</th>
          </tr>
        </thead>
        <tbody>
          {models.slice(0, shown).map(model => (
            <React.Fragment key={model.saved?.view.run.run_id}>
              <SweepRow
                model={model}
                differing={differing}
                isOpen={open === model}
                onToggle={() => setOpen(open === model ? null : model)}
              />
              {open === model && (
                <tr>
                  <td colSpan={differing.length + 4}>
                    <RunView model={model} environment={environment} />
                  </td>
                </tr>
              )}
            </React.Fragment>
          ))}
        </tbody>
      </table>
      {models.length > shown && (
        <button
          type="button"
          className="jp-KfpButton"
          onClick={() => setShown(shown + PAGE)}
        >
          {trans.__('Show more')}
        </button>
      )}
    </div>
  );
}

function SweepRow(props: {
  readonly model: RunModel;
  readonly differing: readonly string[];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): JSX.Element | null {
  const model = useRunModel(props.model);
  const { trans } = useRunEnvironment();
  const { view } = model;
  const isMoving =
    view !== null && !isFinalRunState(view.run.state) && !model.isStale;
  const now = useNow(isMoving);
  if (!view) {
    return null;
  }
  const seconds = runSeconds(view, isMoving, now);
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          className="jp-KfpActive-button"
          aria-expanded={props.isOpen}
          onClick={props.onToggle}
        >
          <StateIcon sign={view.run.state} size={14} />
          <span className="jp-KfpActive-name">{view.run.name}</span>
        </button>
      </th>
      {props.differing.map(name => (
        <td key={name}>{shortValue(parameterOf(view, name))}</td>
      ))}
      <td>{runStateText(model, view, now, trans)}</td>
      <td>{seconds === null ? '' : durationText(seconds)}</td>
      <td className="jp-KfpTable-number">{firstMetric(view)}</td>
    </tr>
  );
}

function differingParameters(models: readonly RunModel[]): readonly string[] {
  const views = models.flatMap(model => (model.view ? [model.view] : []));
  const names = [
    ...new Set(
      views.flatMap(view => view.run.parameters.map(each => each.name))
    )
  ];
  return names.filter(
    name => new Set(views.map(view => parameterOf(view, name))).size > 1
  );
}

function parameterOf(view: RunPicture, name: string): string | undefined {
  return view.run.parameters.find(parameter => parameter.name === name)?.json;
}

function firstMetric(view: RunPicture): string {
  for (const task of Object.values(view.tasks)) {
    for (const output of task.outputs ?? []) {
      if (output.kind === 'metric' && output.json !== undefined) {
        return `${output.name} ${shortValue(output.json)}`;
      }
      const [metric] = metricsOf(output);
      if (metric) {
        return `${metric.name} ${readable(metric.value)}`;
      }
    }
  }
  return '';
}
