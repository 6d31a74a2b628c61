/**
 * The checks of a compiled pipeline: what only the compiled text shows. The kernel checks the Python it was made of.
 */
import type { LintFinding } from '../payload/types.ts';
import type { PipelineDocument } from '../spec/ir.ts';
import { recogniseLightweight } from '../spec/lightweight.ts';
import type {
  Check,
  CheckContext,
  Executed,
  RawFinding,
  SourcePlace
} from './finding.ts';
import { checkImages } from './image-checks.ts';
import { checkSizes } from './size-checks.ts';
import {
  checkCluster,
  checkEmpty,
  checkLocal,
  checkRoot
} from './target-checks.ts';
import { checkTexts } from './text-checks.ts';
import { checkValues } from './value-checks.ts';

const CHECKS: readonly Check[] = [
  checkEmpty,
  checkSizes,
  checkImages,
  checkTexts,
  checkValues,
  checkCluster,
  checkLocal,
  checkRoot
];

/**
 * Check a compiled pipeline.
 *
 * @param size - bytes of its text.
 * @returns the findings, those of the same words once, at the places that the kernel knows.
 */
export function checkPipeline(
  document: PipelineDocument,
  size: number,
  context: CheckContext = {}
): readonly LintFinding[] {
  const subject = { document, size, context, executed: executedOf(document) };
  const found = new Map<string, LintFinding>();
  for (const check of CHECKS) {
    for (const raw of check(subject)) {
      const finding = place(raw, context);
      if (finding !== undefined) {
        found.set(
          `${finding.rule} ${finding.line ?? ''} ${finding.message}`,
          finding
        );
      }
    }
  }
  return [...found.values()];
}

const ORDER = ['error', 'warning', 'info'];

/** Errors first: a payload has room for some only. */
export function sortFindings(
  findings: readonly LintFinding[]
): readonly LintFinding[] {
  return [...findings].sort(
    (a, b) =>
      ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) ||
      (a.where ?? '').localeCompare(b.where ?? '', 'en') ||
      (a.line ?? 0) - (b.line ?? 0)
  );
}

function executedOf({ spec }: PipelineDocument): readonly Executed[] {
  return Object.entries(spec.components).flatMap(
    ([key, component]): readonly Executed[] => {
      const executor =
        spec.deploymentSpec.executors[component.executorLabel ?? ''];
      if (executor?.kind !== 'container') {
        return [];
      }
      const { container } = executor;
      const python = recogniseLightweight(container.command, container.args);
      return [
        {
          key,
          name: key.replace(/^comp-/, ''),
          container,
          ...(python !== undefined && { python })
        }
      ];
    }
  );
}

/** Give a finding its place; undefined when the user has silenced it there. */
function place(
  { component, loop, ...raw }: RawFinding,
  { ignore, places }: CheckContext
): LintFinding | undefined {
  const name = component?.replace(/^comp-/, '');
  const found =
    (loop === undefined ? undefined : places?.[`loop ${loop}`]) ??
    (name === undefined ? places?.[''] : placeOf(name, places ?? {}));
  const silenced = [...(ignore ?? []), ...(found?.ignore ?? [])];
  if (silenced.includes(raw.rule) || silenced.includes('*')) {
    return undefined;
  }
  const { ignore: _, ...at } = found ?? {};
  return {
    ...raw,
    ...(name !== undefined && { definition: name }),
    ...at
  };
}

/** The SDK numbers components of one name that differ: `train`, `train-2`. */
function placeOf(
  name: string,
  places: Readonly<Record<string, SourcePlace>>
): SourcePlace | undefined {
  const own = Object.hasOwn(places, name) ? places[name] : undefined;
  const base = name.replace(/-\d+$/, '');
  return own ?? (Object.hasOwn(places, base) ? places[base] : undefined);
}
