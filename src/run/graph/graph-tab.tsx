import { isFinalRunState, type RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment, useRunNow } from '../environment';
import type { RunModel } from '../run-model';
import { taskOf } from '../task-detail';
import { firstFailure, leavesOf, taskTree } from '../task-tree';
import { graphStates, isOpenAtFirst } from './graph-state';
import { GraphView } from './graph-view';

/** The pipeline of a run as a graph with the states of its tasks. */
export function GraphTab(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const { folds, rounds, task } = model.choices;
  const now = useRunNow(model, !isFinalRunState(view.run.state));
  const states = React.useMemo(
    () => graphStates(view, rounds),
    [view.tasks, view.graph, view.loops, view.run.state, rounds]
  );
  // stays where it is while the run goes on, until something fails
  const focus = React.useMemo(
    () => focusOf(view),
    [view.graph, view.failure?.task_id, isFinalRunState(view.run.state)]
  );
  const { graph } = view;
  if (!graph || graph.vertices.length === 0) {
    return (
      <p className="jp-KfpEmpty">
        {trans.__('The graph of this run is not known.')}
      </p>
    );
  }
  return (
    <GraphView
      graph={graph}
      states={states}
      direction="TB"
      chosen={taskOf(view, task)?.vertex ?? ''}
      focus={focus}
      now={now}
      isOpen={vertex =>
        folds[vertex.id] ??
        isOpenAtFirst(vertex, states.get(vertex.id), graph.vertices.length)
      }
      onChoose={vertex =>
        model.choose({ task: states.get(vertex)?.task.id ?? '' })
      }
      onFold={(vertex, isOpen) =>
        model.choose({ folds: { ...model.choices.folds, [vertex.id]: isOpen } })
      }
      onRound={(loop, round) =>
        model.choose({ rounds: { ...model.choices.rounds, [loop]: round } })
      }
    />
  );
}

// where not all can be drawn, what failed is looked at first, then what runs
function focusOf(view: RunView): string {
  const failed = firstFailure(view);
  if (failed) {
    return failed.vertex;
  }
  const leaves = leavesOf(taskTree(view));
  const moving =
    leaves.find(task => task.state === 'RUNNING') ??
    leaves.find(task => task.state === 'PENDING');
  return moving?.vertex ?? '';
}
