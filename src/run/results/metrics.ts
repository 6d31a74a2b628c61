import type { OutputValue } from 'jupyterlab-kfp-model';

import { parsed } from './value-text';

/** A number with a name. */
export interface IMetric {
  readonly name: string;
  readonly value: number;
}

/** A point of a ROC curve. */
export interface IRocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
  /** Absent where the service writes no finite number. */
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
    typeof value === 'number' ? [{ name, value }] : []
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
  if (output.type !== 'system.ClassificationMetrics') {
    return null;
  }
  const metadata = metadataOf(output);
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
          ...(typeof confidenceThreshold === 'number'
            ? { threshold: confidenceThreshold }
            : {})
        }
      ]
    : [];
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
