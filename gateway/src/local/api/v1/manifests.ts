/** Pipelines as text, the way v1beta1 carries them: YAML of the IR, JSON of an Argo workflow. */
import type { Json } from 'jupyterlab-kfp-model';
import { stringify } from 'yaml';

import { argoParameters } from '../../runs/argo-workflow.ts';
import { specOf } from '../../runs/pipeline-documents.ts';
import type { StoredDocument } from '../../store/documents.ts';
import { message } from '../answer-message.ts';

/** Text of a stored pipeline, as `templates` answers it. */
export function manifestText(stored: StoredDocument): string {
  if (stored.format === 'argo') {
    return stored.text ?? JSON.stringify(specOf(stored));
  }
  return [stored.pipeline, stored.platform]
    .filter(document => document !== undefined)
    .map(document =>
      stringify(document, {
        sortMapEntries: true,
        indentSeq: false,
        lineWidth: 0,
        singleQuote: true,
        version: '1.1'
      })
    )
    .join('---\n');
}

/** The manifest field of a `pipeline_spec`. */
export function manifestField(stored: StoredDocument): Record<string, string> {
  return {
    [stored.format === 'argo' ? 'workflow_manifest' : 'pipeline_manifest']:
      manifestText(stored)
  };
}

/** Parameters that a pipeline shows by itself: only Argo workflows do. */
export function parameterList(
  stored: StoredDocument
): readonly Record<string, unknown>[] {
  return stored.format === 'argo'
    ? argoParameters(stored.pipeline).map(({ name, value }) =>
        message({ name, value: value ?? '' })
      )
    : [];
}

/** A value as v1beta1 writes it: text as it is, all else as JSON. */
export function parameterText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
