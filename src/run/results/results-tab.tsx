import {
  isFinalRunState,
  type OutputValue,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { usePart } from '../pager';
import type { RunModel } from '../run-model';
import { leavesOf, taskTree } from '../task-tree';
import { typeWord } from '../words';
import { bytesText } from './artifact-kind';
import { ArtifactView } from './artifact-view';
import { metricsOf } from './metrics';
import { JsonValue } from './value';
import { readable } from './value-text';
import { Name } from '../name';
import { shownName } from '../shown-name';

/** Metrics of one task shown at once. */
const METRICS = 200;
/** Characters of a value that are shown; a longer one is downloaded. */
const VALUE = 64 * 1024;

/** Properties of the Results tab. */
export interface IResultsTabProps {
  readonly model: RunModel;
  readonly view: RunView;
}

/** What came out of a run, by task: metrics and values first, then artifacts that open on demand. */
export function ResultsTab(props: IResultsTabProps): JSX.Element {
  const { view } = props;
  const { trans } = useRunEnvironment();
  const tasks = React.useMemo(
    () =>
      leavesOf(taskTree(view)).filter(task => (task.outputs ?? []).length > 0),
    [view.tasks, view.graph, view.run.state]
  );
  if (tasks.length === 0) {
    return (
      <p className="jp-KfpEmpty">
        {isFinalRunState(view.run.state)
          ? trans.__('No task of this run wrote a result.')
          : trans.__('No results yet.')}
      </p>
    );
  }
  return (
    <div className="jp-KfpResults">
      {[...tasks].reverse().map(task => (
        <TaskResults key={task.id} {...props} task={task} />
      ))}
    </div>
  );
}

function TaskResults(
  props: IResultsTabProps & { readonly task: TaskView }
): JSX.Element {
  const { model, task } = props;
  const { trans } = useRunEnvironment();
  const outputs = task.outputs ?? [];
  const values = outputs.filter(output => output.kind !== 'artifact');
  const artifacts = outputs.filter(output => output.kind === 'artifact');
  // a service may tell the same metrics as values of their own and in the metadata of the artifact
  const told = new Set(
    values.flatMap(({ kind, name }) => (kind === 'metric' ? [name] : []))
  );
  const metrics = artifacts
    .flatMap(output => metricsOf(output))
    .filter(({ name }) => !told.has(name));
  const [part, more] = usePart(metrics, METRICS);
  return (
    <section className="jp-KfpResults-task" aria-label={shownName(task.path)}>
      <h3 title={shownName(task.path)}>
        <Name>{task.name}</Name>
      </h3>
      {values.length + metrics.length > 0 && (
        <table className="jp-KfpTable">
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Type')}</th>
              <th scope="col">{trans.__('Value')}</th>
            </tr>
          </thead>
          <tbody>
            {part.map(metric => (
              <tr key={`metric/${metric.name}`}>
                <th scope="row">
                  <Name>{metric.name}</Name>
                </th>
                <td>{trans.__('metric')}</td>
                <td className="jp-KfpTable-number">{readable(metric.value)}</td>
              </tr>
            ))}
            {values.map(output => (
              <ValueRow key={`${output.kind}/${output.name}`} output={output} />
            ))}
          </tbody>
        </table>
      )}
      {more}
      {artifacts.map(output => (
        <ArtifactView
          key={output.name}
          model={model}
          task={task}
          output={output}
        />
      ))}
    </section>
  );
}

function ValueRow(props: { readonly output: OutputValue }): JSX.Element {
  const { output } = props;
  const { trans } = useRunEnvironment();
  return (
    <tr>
      <th scope="row">
        <Name>{output.name}</Name>
      </th>
      <td>
        {output.kind === 'metric'
          ? trans.__('metric')
          : typeWord(output.type, trans)}
      </td>
      <td className="jp-KfpTable-value">
        {output.json === undefined ? (
          '–'
        ) : output.json.length > VALUE ? (
          <LongValue name={output.name} json={output.json} />
        ) : (
          <JsonValue json={output.json} />
        )}
      </td>
    </tr>
  );
}

function LongValue(props: {
  readonly name: string;
  readonly json: string;
}): JSX.Element {
  const { name, json } = props;
  const { trans } = useRunEnvironment();
  const [url, setUrl] = React.useState('');
  React.useEffect(() => {
    const address = URL.createObjectURL(
      new Blob([json], { type: 'application/json' })
    );
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [json]);
  return (
    <>
      {trans.__('%1, too large to show here', bytesText(json.length))}{' '}
      <a className="jp-KfpButton" href={url} download={`${name}.json`}>
        {trans.__('Download')}
      </a>
    </>
  );
}
