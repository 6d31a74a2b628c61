/** What works here and differs on a cluster of KFP 2.17: warnings with stable names (pipeline-execution section 15). */
import type {
  ComponentSpec,
  ContainerSpec,
  ExecutorSpec,
  ImporterSpec,
  Json,
  OutputSelector,
  PipelineDocument,
  TaskSpec
} from '../spec/ir.ts';

export interface Warning {
  readonly name: string;
  readonly text: string;
}

/** What has to be known of a task to tell where it can run. */
export interface PlacedTask {
  /** Without `root.`. */
  readonly path: string;
  readonly task: TaskSpec;
  readonly component: ComponentSpec;
  readonly executor?: ExecutorSpec;
  /** The component in whose DAG it stands. */
  readonly parent: ComponentSpec;
}

/** What a cluster does with it; a sentence of every warning. */
type Elsewhere = string;

const RUN_PLACEHOLDER = /\{\{\$\.([a-z_]+)\}\}/g;
/** Replaced in the middle of a text on clusters too. */
const OUTPUT_LISTS = /\{\{\$\.(?:inputs|outputs)\.artifacts\[[^\]]*\]\}\}/;
const METADATA = /\{\{\$\.(?:inputs|outputs)\.artifacts\[[^\]]*\]\.metadata/;

/** The portability warnings of one task. */
export function portabilityWarnings(
  found: PlacedTask,
  document: PipelineDocument
): readonly Warning[] {
  const warnings: Warning[] = [];
  const warn = (name: string, what: string, elsewhere: Elsewhere): void => {
    warnings.push({
      name,
      text: `Task ${found.path} ${what}. Works locally; KFP 2.17 on a cluster ${elsewhere}.`
    });
  };
  taskWarnings(found, document, warn);
  if (found.executor?.kind === 'importer') {
    importerWarnings(found.task, found.executor.importer, warn);
  } else if (found.executor?.kind === 'container') {
    containerWarnings(found, found.executor.container, warn);
  }
  return warnings;
}

type Warn = (name: string, what: string, elsewhere: Elsewhere) => void;

function taskWarnings(
  { task, component, parent }: PlacedTask,
  document: PipelineDocument,
  warn: Warn
): void {
  const { iterator } = task;
  if (iterator?.kind === 'artifact') {
    warn('artifact-loop', 'loops over artifacts', 'does not support it');
  }
  const factor = task.retryPolicy?.backoffFactor;
  if (factor !== undefined && !Number.isInteger(factor)) {
    warn(
      'fractional-backoff',
      `has a back-off factor of ${factor}`,
      'takes whole numbers only'
    );
  }
  if (Object.values(task.inputs.parameters).some(isPlaceholderInText)) {
    warn(
      'placeholder-in-text',
      'has a placeholder inside a longer text',
      'replaces it only where it is the whole text'
    );
  }
  if (iterator?.kind === 'parameter' && 'inputParameter' in iterator.items) {
    const items = iterator.items.inputParameter;
    const isUsed = Object.values(component.dag?.tasks ?? {}).some(inner =>
      Object.values(inner.inputs.parameters).some(
        source => source.kind === 'input' && source.name === items
      )
    );
    if (isUsed) {
      warn(
        'items-inside-loop',
        'uses the whole list of items inside its loop',
        'removes it there'
      );
    }
  }
  for (const source of Object.values(task.inputs.parameters)) {
    if (source.kind === 'output') {
      const from = { producerSubtask: source.task, outputKey: source.key };
      collectedWarnings(collected(document, parent, from), warn);
    }
  }
}

/** A loop whose outputs are collected. */
interface CollectedLoop {
  readonly key: string;
  readonly task: TaskSpec;
  /** Whether it collects what a loop inside it has collected. */
  readonly isNested: boolean;
}

function collectedWarnings(loops: readonly CollectedLoop[], warn: Warn): void {
  const [first] = loops.filter(({ task: { iterator } }) => {
    return !(
      iterator?.kind === 'parameter' &&
      'raw' in iterator.items &&
      iterator.items.raw.trim() !== '[]'
    );
  });
  if (first !== undefined) {
    warn(
      'empty-collected',
      `collects the outputs of ${first.key}, which may have no rounds`,
      'fails then'
    );
  }
  const [nested] = loops.filter(({ isNested }) => isNested);
  if (nested !== undefined) {
    warn(
      'nested-collected',
      `collects the lists of a loop inside ${nested.key}`,
      'may flatten this list'
    );
  }
}

/** The outermost loops that an output comes from, also through pipelines and conditions. */
function collected(
  document: PipelineDocument,
  parent: ComponentSpec,
  from: OutputSelector
): readonly CollectedLoop[] {
  const task = parent.dag?.tasks[from.producerSubtask];
  const component = document.spec.components[task?.componentRef ?? ''];
  const output = component?.dag?.outputs?.parameters?.[from.outputKey];
  if (task === undefined || component === undefined || output === undefined) {
    return [];
  }
  const inner = (output.kind === 'one' ? [output.from] : output.from).flatMap(
    one => collected(document, component, one)
  );
  return task.iterator === undefined
    ? inner
    : [{ key: from.producerSubtask, task, isNested: inner.length > 0 }];
}

function isPlaceholderInText(
  source: TaskSpec['inputs']['parameters'][string]
): boolean {
  if (source.kind !== 'constant') {
    return false;
  }
  const whole = typeof source.value === 'string' ? source.value : '';
  return (
    /\{\{\$\.[a-z_]+\}\}/.test(JSON.stringify(source.value)) &&
    !/^\{\{\$\.[a-z_]+\}\}$/.test(whole)
  );
}

function importerWarnings(
  task: TaskSpec,
  importer: ImporterSpec,
  warn: Warn
): void {
  if (task.triggerPolicy?.condition !== undefined) {
    warn('importer-condition', 'is an importer with a condition', 'refuses it');
  }
  if (hasPlaceholder({ ...importer.metadata })) {
    warn(
      'dynamic-importer-metadata',
      'takes artifact metadata from other tasks or parameters',
      'may not replace it'
    );
  }
}

function containerWarnings(
  { task, component }: PlacedTask,
  container: ContainerSpec,
  warn: Warn
): void {
  const words = [...container.command, ...container.args];
  const structured = words.flatMap(word => {
    const value = structure(word);
    return value === undefined ? [] : [value];
  });
  const inputs = component.inputDefinitions;
  const parts = structured.flatMap(partsOf);
  if (parts.some(part => part.kind === 'Concat')) {
    warn('concat', 'joins arguments with Concat', 'does not replace it');
  }
  const names = parts.flatMap(part =>
    part.kind === 'IfPresent' ? [part.input] : []
  );
  if (names.some(name => inputs?.parameters?.[name] === undefined)) {
    warn(
      'ifpresent-output',
      'asks IfPresent for an artifact or an output',
      'does not replace it'
    );
  }
  if (
    names.some(
      name =>
        inputs?.parameters?.[name]?.defaultValue !== undefined &&
        task.inputs.parameters[name] === undefined
    )
  ) {
    warn(
      'ifpresent-default',
      'asks IfPresent for an input that has only the default of its component',
      'counts it as absent'
    );
  }
  if (words.some(word => OUTPUT_LISTS.test(word))) {
    warn(
      'artifact-list-placeholder',
      'uses a placeholder for a list of artifacts',
      'does not replace it'
    );
  }
  if (words.some(word => METADATA.test(word))) {
    warn(
      'metadata-placeholder',
      'uses a placeholder for artifact metadata',
      'does not replace it'
    );
  }
  if (words.some(word => word.includes('{{$.outputs.output_file}}'))) {
    warn(
      'output-file-placeholder',
      'uses the placeholder of the output file',
      'does not replace it'
    );
  }
  const facts = words.flatMap(word =>
    [...word.matchAll(RUN_PLACEHOLDER)].map(match => match[1])
  );
  if (
    facts.includes('pipeline_root') ||
    Object.values(task.inputs.parameters).some(
      source =>
        source.kind === 'constant' &&
        JSON.stringify(source.value).includes('{{$.pipeline_root}}')
    )
  ) {
    warn(
      'pipeline-root-placeholder',
      'uses the placeholder of the pipeline root',
      'does not replace it'
    );
  }
}

type Part =
  | { readonly kind: 'Concat' }
  | { readonly kind: 'IfPresent'; readonly input: string };

function partsOf(value: Json): readonly Part[] {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap(partsOf);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value as { readonly [key: string]: Json }).flatMap(
    ([key, item]): readonly Part[] => {
      const inner = partsOf(item);
      if (key === 'Concat') {
        return [{ kind: 'Concat' }, ...inner];
      }
      if (key !== 'IfPresent' || typeof item !== 'object' || item === null) {
        return inner;
      }
      const input = (item as { readonly [key: string]: Json })['InputName'];
      return [{ kind: 'IfPresent', input: String(input ?? '') }, ...inner];
    }
  );
}

function structure(word: string): Json | undefined {
  if (!/^\{"(?:Concat|IfPresent)"/.test(word)) {
    return undefined;
  }
  try {
    return JSON.parse(word) as Json;
  } catch {
    return undefined; // an argument that only looks like one
  }
}

/** Whether a DAG has nothing but tasks that wait for others to end: it could never begin on a cluster. */
export function hasOnlyExitTasks(found: ComponentSpec): boolean {
  const tasks = Object.values(found.dag?.tasks ?? {});
  return (
    tasks.length > 0 &&
    tasks.every(
      task => task.triggerPolicy?.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED'
    )
  );
}

/** Whether a constant depends on the run or on other inputs. */
export function hasPlaceholder(value: Json): boolean {
  return JSON.stringify(value).includes('{{$');
}
