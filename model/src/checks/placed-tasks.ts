/** The tasks of a compiled pipeline with the component in which they stand. */
import type { ComponentSpec, PipelineDocument } from '../spec/ir.ts';
import type { PlacedTask } from './portability.ts';

/** A component used twice counts twice, so a small document could unfold without end. */
const MAX_TASKS = 20_000;

/** All tasks, groups too, in the order of the document. */
export function placedTasks({ spec }: PipelineDocument): readonly PlacedTask[] {
  const found: PlacedTask[] = [];
  const visit = (
    parent: ComponentSpec,
    prefix: string,
    above: readonly ComponentSpec[]
  ): void => {
    for (const [key, task] of Object.entries(parent.dag?.tasks ?? {})) {
      const component = spec.components[task.componentRef];
      if (component === undefined || found.length >= MAX_TASKS) {
        continue;
      }
      const executor =
        spec.deploymentSpec.executors[component.executorLabel ?? ''];
      const path = `${prefix}${key}`;
      found.push({
        path,
        task,
        component,
        parent,
        ...(executor !== undefined && { executor })
      });
      if (component.dag !== undefined && !above.includes(component)) {
        visit(component, `${path}.`, [...above, component]);
      }
    }
  };
  visit(spec.root, '', [spec.root]);
  return found;
}
