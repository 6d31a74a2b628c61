/**
 * The output of a cell that defined a pipeline: a draft, of which nothing was sent.
 */
import { buildGraph } from '../graph/build-graph.ts';
import { looksSecret, REDACTED } from '../parameters/secret-names.ts';
import type { ParsedPipeline } from '../spec/parse-ir.ts';
import { summarise, type SpecSummary } from '../spec/summary.ts';
import { fitBundle } from './caps.ts';
import { cut, line } from './cut-text.ts';
import { PAYLOAD_LIMITS } from './limits.ts';
import { packGraph } from './pack-graph.ts';
import { pipelineHtml, pipelineText } from './pipeline-texts.ts';
import { cellOf } from './run-entry.ts';
import {
  PIPELINE_MIME_TYPE,
  type Bundle,
  type CellRef,
  type LintFinding,
  type PipelineInput,
  type PipelinePayload
} from './types.ts';

export interface PipelineBundleInput {
  readonly pipeline: Exclude<ParsedPipeline, { format: 'invalid' }>;
  /** `sha256:` and 64 hex digits of the compiled text. */
  readonly digest: string;
  /** Bytes of the compiled text. */
  readonly size: number;
  /** `kfp 2.17.3`; absent = as the text says. */
  readonly sdk?: string;
  readonly cell?: CellRef;
  readonly lint?: readonly LintFinding[];
  /** Names of the inputs as they were declared, where that is known. */
  readonly order?: readonly string[];
}

interface PipelineLimits {
  readonly inputs: number;
  readonly literals: number;
  readonly inputDescription: number;
  readonly components: number;
  readonly packages: number;
  readonly lint: number;
  readonly fixes: boolean;
  readonly graph: boolean;
  /** Inputs, components and findings named in the texts. */
  readonly rows: number;
}

const FULL: PipelineLimits = {
  inputs: PAYLOAD_LIMITS.inputs,
  literals: PAYLOAD_LIMITS.literals,
  inputDescription: PAYLOAD_LIMITS.inputDescription,
  components: PAYLOAD_LIMITS.components,
  packages: PAYLOAD_LIMITS.packages,
  lint: PAYLOAD_LIMITS.lint,
  fixes: true,
  graph: true,
  rows: 30
};

const DROPS: readonly Partial<PipelineLimits>[] = [
  { fixes: false },
  { literals: 10, packages: 5 },
  { inputDescription: 80 },
  { literals: 0, packages: 0 },
  { rows: 5 },
  { graph: false },
  { inputs: 40, components: 20, lint: 5, inputDescription: 0 },
  { inputs: 10, components: 5, lint: 1, rows: 0 }
];

/** Build payload and bundle of a draft; at most 64 KiB, and equal for equal input. */
export function buildPipelineBundle(input: PipelineBundleInput): {
  readonly payload: PipelinePayload;
  readonly bundle: Bundle;
} {
  const summary = summarise(input.pipeline);
  const graph =
    input.pipeline.format === 'ir'
      ? buildGraph(input.pipeline.document)
      : { vertices: [], edges: [] };
  const groups = new Set(graph.vertices.map(({ parent }) => parent));
  const tasks = graph.vertices.filter(({ id }) => !groups.has(id)).length;
  const packed = packGraph(graph);
  const none = packGraph({ vertices: [], edges: [] });
  let payload: PipelinePayload | undefined;
  const bundle = fitBundle(FULL, DROPS, limits => {
    const made = payloadWithin(
      input,
      summary,
      limits.graph ? packed : { ...none, more: graph.vertices.length },
      limits
    );
    payload = made;
    return {
      [PIPELINE_MIME_TYPE]: made,
      'text/html': pipelineHtml(made, tasks, limits.rows),
      'text/plain': pipelineText(made, tasks, limits.rows)
    };
  });
  if (payload === undefined) {
    throw new Error('fitBundle builds at least once');
  }
  return { payload, bundle };
}

function payloadWithin(
  { pipeline, digest, size, sdk, cell, lint, order }: PipelineBundleInput,
  summary: SpecSummary,
  graph: PipelinePayload['graph'],
  limits: PipelineLimits
): PipelinePayload {
  const madeBy = sdk ?? summary.sdk;
  const findings = (lint ?? []).slice(0, limits.lint);
  return {
    schema: 'kfp.pipeline/1',
    name: line(summary.name, PAYLOAD_LIMITS.name),
    ...(summary.description !== undefined &&
      summary.description !== '' && {
        description: cut(summary.description, PAYLOAD_LIMITS.description)
      }),
    format: pipeline.format,
    ...(madeBy !== undefined && { sdk: line(madeBy, PAYLOAD_LIMITS.sdk) }),
    ir_digest: line(digest, PAYLOAD_LIMITS.digest),
    size,
    graph,
    inputs: inOrder(summary.inputs, order ?? [])
      .slice(0, limits.inputs)
      .map(each => inputWithin(each, limits)),
    components: summary.components
      .slice(0, limits.components)
      .map(({ name, image, packages }) => ({
        name: line(name, PAYLOAD_LIMITS.name),
        ...(image !== undefined && {
          image: line(image, PAYLOAD_LIMITS.image)
        }),
        ...(packages !== undefined &&
          limits.packages > 0 && {
            packages: packages
              .slice(0, limits.packages)
              .map(text => line(text, PAYLOAD_LIMITS.image))
          })
      })),
    ...(findings.length > 0 && {
      lint: findings.map(finding => findingWithin(finding, limits))
    }),
    ...(cell !== undefined && { cell: cellOf(cell, { details: true }) })
  };
}

/** Inputs as they were declared; those that nobody named come last. */
function inOrder(
  inputs: readonly PipelineInput[],
  order: readonly string[]
): readonly PipelineInput[] {
  const at = new Map(order.map((name, index) => [name, index]));
  const place = ({ name }: PipelineInput): number =>
    at.get(name) ?? order.length;
  return [...inputs].sort((a, b) => place(a) - place(b));
}

/** The repair stays only in a bundle with room for it: it is of use right after the execution. */
function findingWithin(
  finding: LintFinding,
  limits: PipelineLimits
): LintFinding {
  const { where, definition, cell, fix } = finding;
  return {
    rule: line(finding.rule, PAYLOAD_LIMITS.rule),
    severity: finding.severity,
    message: line(finding.message, PAYLOAD_LIMITS.message),
    ...(finding.line !== undefined && { line: finding.line }),
    ...(finding.end_line !== undefined && { end_line: finding.end_line }),
    ...(finding.column !== undefined && { column: finding.column }),
    ...(finding.end_column !== undefined && {
      end_column: finding.end_column
    }),
    ...(definition !== undefined && {
      definition: line(definition, PAYLOAD_LIMITS.name)
    }),
    ...(where !== undefined && { where: line(where, PAYLOAD_LIMITS.name) }),
    ...(cell !== undefined && { cell: cellOf(cell, { details: false }) }),
    ...(fix !== undefined && limits.fixes && { fix })
  };
}

function inputWithin(
  input: PipelineInput,
  limits: PipelineLimits
): PipelineInput {
  const { name, type, description, literals } = input;
  return {
    name: line(name, PAYLOAD_LIMITS.name),
    type: line(type, PAYLOAD_LIMITS.type),
    ...(input.default !== undefined && {
      default: defaultWithin(name, input.default)
    }),
    optional: input.optional,
    ...(description !== undefined &&
      limits.inputDescription > 0 && {
        description: cut(description, limits.inputDescription)
      }),
    ...(literals !== undefined &&
      limits.literals > 0 && {
        literals: literals
          .slice(0, limits.literals)
          .map(text => cut(text, PAYLOAD_LIMITS.value))
      })
  };
}

/** Defaults are JSON text; a notebook is shared more widely than the compiled file, so a secret in it becomes dots. */
function defaultWithin(name: string, json: string): string {
  // The summary wrote this text from a JSON value.
  return looksSecret(
    name,
    JSON.parse(json) as Parameters<typeof looksSecret>[1]
  )
    ? JSON.stringify(REDACTED)
    : cut(json, PAYLOAD_LIMITS.value);
}
