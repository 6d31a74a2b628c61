/** Where the artifacts of a task come from, as far as the compiled pipeline says so. */
import {
  hasPlaceholder,
  type ArtifactSource,
  type Json
} from 'jupyterlab-kfp-model';

import type { StaticTask } from './static-tasks.ts';

/** An output of a task that is no group. */
export interface Origin {
  readonly task: StaticTask;
  readonly output: string;
}

/** Follows artifacts back through pipelines and loops to the tasks that make them. */
export class ArtifactOrigins {
  private readonly _byPath: ReadonlyMap<string, StaticTask>;

  constructor(tasks: readonly StaticTask[]) {
    this._byPath = new Map(tasks.map(task => [task.path, task]));
  }

  /** What an input may be, by its name; nothing for an input of the pipeline itself. */
  of(task: StaticTask, input: string): readonly Origin[] {
    const source = task.task.inputs.artifacts[input];
    return source === undefined ? [] : this._from(source, parentOf(task));
  }

  private _from(source: ArtifactSource, parent: string): readonly Origin[] {
    if (source.kind === 'output') {
      return this._output(inside(parent, source.task), source.key);
    }
    const group = this._byPath.get(parent);
    if (group === undefined) {
      return [];
    }
    const { iterator } = group.task;
    return this.of(
      group,
      iterator?.kind === 'artifact' && iterator.itemInput === source.name
        ? iterator.inputArtifact
        : source.name
    );
  }

  private _output(path: string, key: string): readonly Origin[] {
    const task = this._byPath.get(path);
    if (task === undefined) {
      return [];
    }
    if (task.executor !== undefined) {
      return [{ task, output: key }];
    }
    return (
      task.component.dag?.outputs?.artifacts?.[key]?.artifactSelectors ?? []
    ).flatMap(({ producerSubtask, outputKey }) =>
      this._output(inside(path, producerSubtask), outputKey)
    );
  }
}

/** The address that an importer will be given, where it is known before the run. */
export function knownUri(task: StaticTask): string | undefined {
  if (task.executor?.kind !== 'importer') {
    return undefined;
  }
  const { artifactUri } = task.executor.importer;
  const source =
    artifactUri.kind === 'parameter'
      ? task.task.inputs.parameters[artifactUri.name]
      : undefined;
  const uri: Json | undefined =
    artifactUri.kind === 'constant'
      ? artifactUri.value
      : source?.kind === 'constant'
        ? source.value
        : source?.kind === 'input'
          ? task.known.get(source.name)
          : undefined;
  return typeof uri === 'string' && !hasPlaceholder(uri) ? uri : undefined;
}

function parentOf({ path, key }: StaticTask): string {
  return path.slice(0, Math.max(0, path.length - key.length - 1));
}

function inside(parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`;
}
