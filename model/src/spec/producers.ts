/** Where the inputs of a task come from, as its pipeline says. */
import type { PipelineDocument, TaskSpec } from './ir.ts';

/**
 * Name the producer of each input of a task: `task.output`, or `pipeline.parameter` for one that the run was given.
 *
 * An input that a group hands on is followed outwards to the group where the producing task stands. An item of a loop has the
 * producer of its list. Constants, and the final status of a task, have none.
 *
 * @param vertex - Keys of the groups around the task and its own, joined by dots; the same for every iteration of a loop.
 */
export function producersOf(
  document: PipelineDocument,
  vertex: string
): ReadonlyMap<string, string> {
  const line = tasksAlong(document, vertex);
  const task = line.at(-1);
  if (task === undefined) {
    return new Map();
  }
  const names = [
    ...Object.keys(task.inputs.parameters),
    ...Object.keys(task.inputs.artifacts)
  ];
  return new Map(
    names.flatMap(name => {
      const producer = follow(line, name);
      return producer === undefined ? [] : [[name, producer] as const];
    })
  );
}

/** The tasks on the way to a vertex, outermost first; empty when the pipeline has no such vertex. */
function tasksAlong(
  document: PipelineDocument,
  vertex: string
): readonly TaskSpec[] {
  const { components, root } = document.spec;
  const line: TaskSpec[] = [];
  let dag = root.dag;
  for (const key of vertex.split('.')) {
    const task =
      dag !== undefined && Object.hasOwn(dag.tasks, key)
        ? dag.tasks[key]
        : undefined;
    if (task === undefined) {
      return [];
    }
    line.push(task);
    dag = components[task.componentRef]?.dag;
  }
  return line;
}

/** Follow an input of the last of these tasks outwards. */
function follow(line: readonly TaskSpec[], input: string): string | undefined {
  const task = line.at(-1);
  if (task === undefined) {
    return `pipeline.${input}`;
  }
  const source =
    own(task.inputs.parameters, input) ?? own(task.inputs.artifacts, input);
  switch (source?.kind) {
    case 'output':
      return `${source.task}.${source.key}`;
    case 'input':
      return follow(line.slice(0, -1), source.name);
    case 'constant':
    case 'final-status':
      return undefined;
    case undefined:
      return followItem(line, task, input);
  }
}

/** Follow the item of a loop to its list: the loop makes it, no input of the loop's task is named like it. */
function followItem(
  line: readonly TaskSpec[],
  task: TaskSpec,
  input: string
): string | undefined {
  const loop = task.iterator;
  if (loop?.itemInput !== input) {
    return undefined;
  }
  if (loop.kind === 'artifact') {
    return follow(line, loop.inputArtifact);
  }
  return 'raw' in loop.items
    ? undefined
    : follow(line, loop.items.inputParameter);
}

function own<T>(
  table: Readonly<Record<string, T>>,
  name: string
): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
