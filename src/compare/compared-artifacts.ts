import type { OutputValue, RunView } from 'jupyterlab-kfp-model';

import {
  CHARTS,
  slicesOf,
  type IClassification,
  type ISlice
} from '../run/results/metrics';
import { leavesOf, taskTree } from '../run/task-tree';

/** An artifact that several runs have each one of. */
export interface IComparedArtifact {
  /** Path of the task and name. */
  readonly name: string;
  /** One per run, in the order of the runs; null where a run has none. */
  readonly outputs: readonly (OutputValue | null)[];
  /** Ids of the tasks that wrote them, in the same order. */
  readonly tasks: readonly string[];
}

/** What a run has for a slice of the data. */
export interface IComparedSlice {
  /** Empty for the whole. */
  readonly name: string;
  /** One per run, in the order of the runs; null where a run has none. */
  readonly classifications: readonly (IClassification | null)[];
}

const DOCUMENTS = ['system.Markdown', 'system.HTML'];

/** Artifacts that are drawn as curves and matrices. */
export function comparedCharts(
  views: readonly (RunView | null)[]
): readonly IComparedArtifact[] {
  return artifactsOf(views, CHARTS);
}

/** Artifacts that are read: Markdown and HTML. */
export function comparedDocuments(
  views: readonly (RunView | null)[]
): readonly IComparedArtifact[] {
  return artifactsOf(views, DOCUMENTS);
}

/** The slices of an artifact of several runs, by their names. */
export function comparedSlices(
  outputs: IComparedArtifact['outputs']
): readonly IComparedSlice[] {
  const found: readonly (readonly ISlice[])[] = outputs.map(
    output => (output && slicesOf(output)) ?? []
  );
  const names = new Set(found.flatMap(slices => slices.map(each => each.name)));
  return [...names].map(name => ({
    name,
    classifications: found.map(
      slices => slices.find(each => each.name === name)?.classification ?? null
    )
  }));
}

function artifactsOf(
  views: readonly (RunView | null)[],
  types: readonly string[]
): readonly IComparedArtifact[] {
  const found = views.map(
    view =>
      new Map(
        (view ? leavesOf(taskTree(view)) : []).flatMap(task =>
          (task.outputs ?? []).flatMap(output =>
            types.includes(output.type)
              ? [[`${task.path}.${output.name}`, { task, output }] as const]
              : []
          )
        )
      )
  );
  const names = new Set(found.flatMap(outputs => [...outputs.keys()]));
  return [...names].map(name => ({
    name,
    outputs: found.map(outputs => outputs.get(name)?.output ?? null),
    tasks: found.map(outputs => outputs.get(name)?.task.id ?? '')
  }));
}
