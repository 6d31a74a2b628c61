import type { OutputValue } from 'jupyterlab-kfp-model';

import { parsed } from './value-text';

/** Types of artifacts whose metadata are curves and matrices. */
export const CHARTS: readonly string[] = [
  'system.ClassificationMetrics',
  'system.SlicedClassificationMetrics'
];

/** A number with a name. */
export interface IMetric {
  readonly name: string;
  readonly value: number;
}

/** A point of a ROC curve. */
export interface IRocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
  /** Absent where the service writes none. */
  readonly threshold?: number;
}

/** A confusion matrix: rows are what is true, columns what was predicted. */
export interface IConfusionMatrix {
  readonly categories: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** What a classification artifact holds. */
export interface IClassification {
  readonly curve: readonly IRocPoint[];
  readonly matrix: IConfusionMatrix | null;
}

/** The metrics of a `system.Metrics` artifact, which stand in its metadata; none for other types. */
export function metricsOf(output: OutputValue): readonly IMetric[] {
  if (output.type !== 'system.Metrics') {
    return [];
  }
  return Object.entries(metadataOf(output)).flatMap(([name, value]) =>
    typeof value === 'number'
      ? [{ name, value }]
      : typeof value === 'string' && /^(?:NaN|[+-]?Infinity)$/.test(value)
        ? [{ name, value: Number(value) }] // numbers that JSON has no sign for
        : []
  );
}

/**
 * The curve and the matrix of a `system.ClassificationMetrics` artifact.
 *
 * #### Notes
 * kfp writes `confidenceMetrics: [{confidenceThreshold, recall, falsePositiveRate}]` and `confusionMatrix: {annotationSpecs:
 * [{displayName}], rows: [{row: [number]}]}`; the service may wrap the list into `{list: [...]}` and the matrix into `{struct: {...}}`.
 */
export function classificationOf(output: OutputValue): IClassification | null {
  return output.type === 'system.ClassificationMetrics'
    ? classificationIn(metadataOf(output))
    : null;
}

/** A part of the data with the curve and the matrix over it. */
export interface ISlice {
  /** Empty for the whole. */
  readonly name: string;
  readonly classification: IClassification;
}

/**
 * What a classification artifact holds, by the slices of the data; null for other types.
 *
 * #### Notes
 * kfp writes `evaluationSlices: [{slice, sliceClassificationMetrics: {…}}]` into `system.SlicedClassificationMetrics`.
 */
export function slicesOf(output: OutputValue): readonly ISlice[] | null {
  const whole = classificationOf(output);
  if (whole) {
    return [{ name: '', classification: whole }];
  }
  return output.type === 'system.SlicedClassificationMetrics'
    ? listOf(metadataOf(output).evaluationSlices)
        .map(recordOf)
        .map(each => ({
          name: String(each.slice ?? ''),
          classification: classificationIn(
            recordOf(each.sliceClassificationMetrics)
          )
        }))
    : null;
}

function classificationIn(
  metadata: Readonly<Record<string, unknown>>
): IClassification {
  return {
    curve: listOf(metadata.confidenceMetrics).flatMap(point =>
      rocPoint(recordOf(point))
    ),
    matrix: matrixOf(metadata.confusionMatrix)
  };
}

function rocPoint(point: Readonly<Record<string, unknown>>): IRocPoint[] {
  const { falsePositiveRate, recall, confidenceThreshold } = point;
  return typeof falsePositiveRate === 'number' && typeof recall === 'number'
    ? [
        {
          falsePositiveRate,
          truePositiveRate: recall,
          ...threshold(confidenceThreshold)
        }
      ]
    : [];
}

// infinity, where a curve begins, is no number in JSON: services write it as text
function threshold(value: unknown): { readonly threshold?: number } {
  const number =
    typeof value === 'string' && /^[+-]?Infinity$/.test(value)
      ? Number(value)
      : value;
  return typeof number === 'number' ? { threshold: number } : {};
}

function matrixOf(value: unknown): IConfusionMatrix | null {
  const outer = recordOf(value);
  const matrix = 'struct' in outer ? recordOf(outer.struct) : outer;
  const categories = listOf(matrix.annotationSpecs).map(spec =>
    String(recordOf(spec).displayName ?? '')
  );
  const rows = listOf(matrix.rows).map(row =>
    listOf(recordOf(row).row ?? row).map(cell =>
      typeof cell === 'number' ? cell : 0
    )
  );
  return categories.length > 0 && rows.length > 0 ? { categories, rows } : null;
}

function metadataOf(output: OutputValue): Readonly<Record<string, unknown>> {
  return recordOf(parsed(output.metadata ?? '{}'));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return value;
  }
  const { list } = recordOf(value);
  return Array.isArray(list) ? list : [];
}
