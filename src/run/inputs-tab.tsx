import type { ParameterValue, RunView, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from './environment';
import { producerOf } from './producer';
import { TaskValue } from './results/task-value';
import { JsonValue } from './results/value';
import { typeWord } from './words';
import type { RunModel } from './run-model';
import { leavesOf, taskTree } from './task-tree';
import { Name } from './name';
import { shownName } from './shown-name';

/** What went into a run: its parameters with their origin, then the resolved inputs of each task with their producers. */
export function InputsTab(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const tasks = React.useMemo(
    () =>
      leavesOf(taskTree(view)).filter(task => (task.inputs ?? []).length > 0),
    [view.tasks, view.graph, view.run.state]
  );
  const { parameters } = view.run;
  return (
    <div className="jp-KfpInputs">
      <h3>{trans.__('Run parameters')}</h3>
      {parameters.length === 0 ? (
        <p className="jp-KfpEmpty">
          {trans.__('This pipeline has no parameters.')}
        </p>
      ) : (
        <table className="jp-KfpTable">
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Type')}</th>
              <th scope="col">{trans.__('Value')}</th>
              <th scope="col">{trans.__('Origin')}</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map(parameter => (
              <tr key={parameter.name}>
                <th scope="row">
                  <Name>{parameter.name}</Name>
                </th>
                <td>{typeWord(parameter.type, trans)}</td>
                <td className="jp-KfpTable-value">
                  <Value parameter={parameter} />
                </td>
                <td>{originWord(parameter.origin, trans)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {tasks.map(task => (
        <section key={task.id}>
          <h3 title={shownName(task.path)}>
            <Name>{task.path}</Name>
          </h3>
          <table className="jp-KfpTable">
            <thead>
              <tr>
                <th scope="col">{trans.__('Name')}</th>
                <th scope="col">{trans.__('Type')}</th>
                <th scope="col">{trans.__('Value')}</th>
                <th scope="col">{trans.__('From')}</th>
              </tr>
            </thead>
            <tbody>
              {(task.inputs ?? []).map((input, index) => (
                <tr key={`${input.kind}/${input.name}/${index}`}>
                  <th scope="row">
                    <Name>{input.name}</Name>
                  </th>
                  <td>{typeWord(input.type, trans)}</td>
                  <td className="jp-KfpTable-value">
                    <TaskValue
                      model={model}
                      taskId={task.id}
                      side="inputs"
                      value={input}
                    />
                  </td>
                  <td>
                    {input.origin === 'default' && trans.__('default')}
                    <Producer
                      model={model}
                      view={view}
                      task={task}
                      producer={input.producer ?? ''}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </div>
  );
}

/** What an input came from; a task leads to its details. */
function Producer(props: {
  readonly model: RunModel;
  readonly view: RunView;
  readonly task: TaskView;
  readonly producer: string;
}): JSX.Element {
  const { model, view, task, producer } = props;
  const { trans } = useRunEnvironment();
  const found = producerOf(view, task, producer);
  return found ? (
    <button
      type="button"
      className="jp-KfpTextButton"
      title={trans.__('Show %1', found.path)}
      onClick={() => model.choose({ tab: 'tasks', task: found.id })}
    >
      {producer}
    </button>
  ) : (
    <>{producer}</>
  );
}

function Value(props: { readonly parameter: ParameterValue }): JSX.Element {
  const { parameter } = props;
  if (parameter.redacted) {
    return <>••••</>;
  }
  return parameter.json === undefined ? (
    <>–</>
  ) : (
    <JsonValue json={parameter.json} />
  );
}

function originWord(
  origin: ParameterValue['origin'],
  trans: ReturnType<typeof useRunEnvironment>['trans']
): string {
  switch (origin) {
    case 'given':
      return trans.__('given');
    case 'default':
      return trans.__('default');
    case 'missing':
      return trans.__('not set');
  }
}
