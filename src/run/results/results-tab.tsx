import {
  isFinalRunState,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { usePage } from '../pager';
import type { RunModel } from '../run-model';
import { leavesOf, taskTree } from '../task-tree';
import { typeWord } from '../words';
import { ArtifactView } from './artifact-view';
import { metricsOf } from './metrics';
import { TaskValue } from './task-value';
import { parsed, readable } from './value-text';
import { Name } from '../name';
import { shownName } from '../shown-name';

/** Metrics and values of one task on a page. */
const ROWS = 200;

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
  const rows = [
    ...metrics.map(({ name, value }) => ({ name, number: value })),
    ...values.map(output => {
      const number =
        output.kind === 'metric' ? parsed(output.json ?? '') : undefined;
      return typeof number === 'number'
        ? { name: output.name, number }
        : output;
    })
  ];
  const [page, pager] = usePage(rows, ROWS);
  return (
    <section className="jp-KfpResults-task" aria-label={shownName(task.path)}>
      <h3 title={shownName(task.path)}>
        <Name>{task.name}</Name>
      </h3>
      {rows.length > 0 && (
        <table className="jp-KfpTable">
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Type')}</th>
              <th scope="col">{trans.__('Value')}</th>
            </tr>
          </thead>
          <tbody>
            {page.map(row =>
              'number' in row ? (
                <tr key={`number/${row.name}`}>
                  <th scope="row">
                    <Name>{row.name}</Name>
                  </th>
                  <td>{trans.__('metric')}</td>
                  <td className="jp-KfpTable-number" title={String(row.number)}>
                    {readable(row.number)}
                  </td>
                </tr>
              ) : (
                <tr key={`${row.kind}/${row.name}`}>
                  <th scope="row">
                    <Name>{row.name}</Name>
                  </th>
                  <td>
                    {row.kind === 'metric'
                      ? trans.__('metric')
                      : typeWord(row.type, trans)}
                  </td>
                  <td className="jp-KfpTable-value">
                    <TaskValue
                      model={model}
                      taskId={task.id}
                      side="outputs"
                      value={row}
                    />
                  </td>
                </tr>
              )
            )}
          </tbody>
        </table>
      )}
      {pager}
      {artifacts.map((output, index) => (
        <ArtifactView
          key={output.artifact_id ?? index}
          model={model}
          task={task}
          output={output}
        />
      ))}
    </section>
  );
}
