/**
 * What a task of a compiled pipeline stands for. The one place of this rule, for static graphs and for task instances.
 */
import type {
  ComponentSpec,
  DagSpec,
  PipelineSpec,
  TaskSpec
} from '../spec/ir.ts';
import type { VertexKind } from './static-graph.ts';

/** Keys of the groups that `dsl.ExitHandler` makes. */
const EXIT_GROUP = /^exit-handler-\d+$/;

/** @param dag - the DAG that the task stands in */
export function vertexKind(
  spec: PipelineSpec,
  dag: DagSpec,
  task: TaskSpec
): VertexKind {
  if (task.iterator !== undefined) {
    return 'loop';
  }
  const component = spec.components[task.componentRef];
  if (executorOf(spec, component)?.kind === 'importer') {
    return 'importer';
  }
  if (isExitTask(spec, dag, task)) {
    return 'exit';
  }
  if (component?.dag === undefined) {
    return 'task';
  }
  return task.triggerPolicy?.condition === undefined ? 'dag' : 'condition';
}

/** The executor of a component; undefined for DAGs and for components that a document names but does not hold. */
export function executorOf(
  spec: PipelineSpec,
  component: ComponentSpec | undefined
): PipelineSpec['deploymentSpec']['executors'][string] | undefined {
  return component?.executorLabel === undefined
    ? undefined
    : spec.deploymentSpec.executors[component.executorLabel];
}

/**
 * The task of `dsl.ExitHandler`, and not one with `.ignore_upstream_failure()`: the trigger strategy of both is the same, but only
 * the first takes a final status or waits for the group of an exit handler.
 */
function isExitTask(spec: PipelineSpec, dag: DagSpec, task: TaskSpec): boolean {
  return (
    task.triggerPolicy?.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED' &&
    (Object.values(task.inputs.parameters).some(
      source => source.kind === 'final-status'
    ) ||
      task.dependentTasks.some(key => {
        const producer = EXIT_GROUP.test(key) ? dag.tasks[key] : undefined;
        return (
          producer !== undefined &&
          spec.components[producer.componentRef]?.dag !== undefined
        );
      }))
  );
}
