import type { TaskView } from 'jupyterlab-kfp-model';

import type { IRunChoices } from './run-choices';
import type { RunModel } from './run-model';
import { filterOf, isRowOpen, rowFold } from './tasks/task-rows';

/** Choices that show a task among all others: its groups are open, and no filter hides it. */
export function revealed(
  model: RunModel,
  task: TaskView
): Pick<IRunChoices, 'task' | 'folds' | 'filter'> {
  const { filter } = model.choices;
  let { folds } = model.choices;
  const tasks = model.view?.tasks ?? {};
  for (
    let group: TaskView | undefined = tasks[task.parent ?? ''];
    group;
    group = tasks[group.parent ?? '']
  ) {
    if (!isRowOpen(group, folds)) {
      folds = { ...folds, ...rowFold(group, true) };
    }
  }
  const isHidden = filterOf(filter)?.(task) === false;
  return { task: task.id, folds, filter: isHidden ? '' : filter };
}

/** Choices that show a task in the tab that is open, or else in Tasks. */
export function opened(
  model: RunModel,
  task: TaskView
): Pick<IRunChoices, 'tab' | 'task' | 'folds' | 'filter'> {
  const { tab } = model.choices;
  return {
    tab: tab === 'graph' || tab === 'logs' ? tab : 'tasks',
    ...revealed(model, task)
  };
}
