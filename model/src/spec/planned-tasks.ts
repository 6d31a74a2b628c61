/** What a compiled pipeline says of its tasks, for plans and for comparing two of them. */
import type { PlannedTask } from '../wire/workbench.ts';
import type { ComponentSpec, Json, PipelineDocument, TaskSpec } from './ir.ts';
import { recogniseLightweight } from './lightweight.ts';
import { canonicalJson } from './value-text.ts';

/** A component used twice counts twice, so a small document could unfold without end. */
const MAX_TASKS = 20_000;

/** The containers and importers of a pipeline by path, as far as the document alone tells. */
export function plannedTasks(
  document: PipelineDocument,
  cache?: boolean
): readonly PlannedTask[] {
  const { executors } = document.spec.deploymentSpec;
  return leaves(document).map(({ path, task, component }) => {
    const label = component.executorLabel ?? '';
    const executor = executors[label];
    if (executor?.kind !== 'container') {
      return { path, cache: 'off' };
    }
    const { image, command, args, resources } = executor.container;
    const python = recogniseLightweight(command, args);
    const packages = python?.kind === 'lightweight' ? python.packages : [];
    const asked = resourceText(resources);
    const secrets = constantSecrets(document.platform?.executors[label]);
    return {
      path,
      image,
      ...(packages.length === 0 ? {} : { packages }),
      ...(asked === '' ? {} : { resources: asked }),
      ...(secrets.length === 0 ? {} : { secrets }),
      cache:
        (cache ?? task.cachingOptions?.enableCache ?? false) ? 'unknown' : 'off'
    };
  });
}

/** How the tasks of two versions of a pipeline differ, by path. */
export function comparePipelines(
  before: PipelineDocument,
  after: PipelineDocument
): {
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
} {
  const old = identities(before);
  const young = identities(after);
  return {
    changed: [...young.keys()].filter(
      path => old.has(path) && old.get(path) !== young.get(path)
    ),
    added: [...young.keys()].filter(path => !old.has(path)),
    removed: [...old.keys()].filter(path => !young.has(path))
  };
}

/** What a task asks of a cluster, for a person: `cpu 2, memory 4G`. */
export function resourceText(
  resources: Readonly<Record<string, Json>> | undefined
): string {
  return Object.entries(resources ?? {})
    .flatMap(([name, value]) => {
      // Each amount stands twice since KFP 2.2: as a number, and as text that may be a placeholder.
      if (
        Object.hasOwn(
          resources ?? {},
          `resource${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
        )
      ) {
        return [];
      }
      const word = name
        .replace(/^resource(?=[A-Z])/, '')
        .replace(/Limit$/, '')
        .replace(/Request$/, ' at least')
        .toLowerCase();
      return [
        `${word} ${typeof value === 'string' ? value : canonicalJson(value)}`
      ];
    })
    .join(', ');
}

interface Leaf {
  readonly path: string;
  readonly task: TaskSpec;
  readonly component: ComponentSpec;
}

function leaves(document: PipelineDocument): readonly Leaf[] {
  const { spec } = document;
  const found: Leaf[] = [];
  const visit = (
    component: ComponentSpec,
    prefix: string,
    above: readonly ComponentSpec[]
  ): void => {
    for (const [key, task] of Object.entries(component.dag?.tasks ?? {})) {
      const inner = spec.components[task.componentRef];
      const path = prefix === '' ? key : `${prefix}.${key}`;
      if (inner === undefined || found.length >= MAX_TASKS) {
        continue;
      }
      if (inner.dag === undefined) {
        found.push({ path, task, component: inner });
      } else if (!above.includes(inner)) {
        visit(inner, path, [...above, inner]);
      }
    }
  };
  visit(spec.root, '', [spec.root]);
  return found;
}

/** What makes a task what it is: what it runs, what it is given, and when. */
function identities(document: PipelineDocument): ReadonlyMap<string, string> {
  return new Map(
    leaves(document).map(({ path, task, component }) => [
      path,
      JSON.stringify([
        task,
        component.inputDefinitions ?? {},
        component.outputDefinitions ?? {},
        document.spec.deploymentSpec.executors[component.executorLabel ?? ''],
        document.platform?.executors[component.executorLabel ?? ''] ?? {}
      ])
    ])
  );
}

function constantSecrets(
  fields: { readonly [key: string]: Json } | undefined
): readonly string[] {
  const names = ['secretAsEnv', 'secretAsVolume'].flatMap(field => {
    const list = fields?.[field];
    return Array.isArray(list)
      ? (list as readonly Json[]).flatMap(item => secretName(item) ?? [])
      : [];
  });
  return [...new Set(names)];
}

function secretName(item: Json): string | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return undefined;
  }
  const fields = item as { readonly [key: string]: Json };
  const source = fields['secretNameParameter'];
  const runtime =
    typeof source === 'object' && source !== null && 'runtimeValue' in source
      ? source.runtimeValue
      : undefined;
  const constant =
    typeof runtime === 'object' && runtime !== null && 'constant' in runtime
      ? runtime.constant
      : fields['secretName'];
  return typeof constant === 'string' && constant !== '' ? constant : undefined;
}
