/** From what clients send to documents that can be stored and run. */
import {
  parsePipelineDocuments,
  parsePipelineText,
  type Json,
  type ParsedPipeline,
  type PipelineDocument
} from 'jupyterlab-kfp-model';

import type { StoredDocument } from '../store/documents.ts';
import { plainError, type ServiceError } from '../store/service-error.ts';
import { shownWorkflow } from './argo-workflow.ts';

/** A pipeline that passed the parser: as stored, and as the engine wants it (Argo workflows have no IR). */
export interface ReadPipeline {
  readonly stored: StoredDocument;
  readonly document?: PipelineDocument;
}

/** Why a text is no pipeline: KFP's words, and the exact cause for a person. */
export class PipelineFormatError extends Error {
  readonly detail: string | undefined;

  constructor(message: string, detail: string | undefined) {
    super(message);
    this.name = 'PipelineFormatError';
    this.detail = detail;
  }
}

/** Read YAML or JSON text of one or two documents. Throws `PipelineFormatError`. */
export function readPipelineText(text: string): ReadPipeline {
  return accept(parsePipelineText(text));
}

/**
 * Read the `pipeline_spec` of a request: the IR, an Argo workflow, or both documents as
 * `{pipeline_spec, platform_spec}` (`apiserver/template/template.go`). Throws `PipelineFormatError`.
 */
export function readPipelineStruct(
  spec: Readonly<Record<string, unknown>>
): ReadPipeline {
  const inner = spec['pipeline_spec'];
  const documents =
    typeof inner === 'object' && inner !== null
      ? [
          inner,
          ...(spec['platform_spec'] === undefined
            ? []
            : [spec['platform_spec']])
        ]
      : [spec];
  return accept(parsePipelineDocuments(documents));
}

/** Parse a stored document again. It was accepted once, so a failure is a fault of this program. */
export function documentOf(stored: StoredDocument): PipelineDocument {
  const parsed = parsePipelineDocuments([
    stored.pipeline,
    ...(stored.platform === undefined ? [] : [stored.platform])
  ]);
  if (parsed.format !== 'ir') {
    throw new Error('A stored pipeline is not readable any more.');
  }
  return parsed.document;
}

/** `pipeline_spec` of an answer: the IR alone or with its platform document, or the Argo workflow. */
export function specOf(stored: StoredDocument): {
  readonly [key: string]: Json;
} {
  if (stored.format === 'argo') {
    return shownWorkflow(stored.pipeline);
  }
  return stored.platform === undefined
    ? stored.pipeline
    : { pipeline_spec: stored.pipeline, platform_spec: stored.platform };
}

/** Name of the pipeline in its own words. */
export function pipelineNameOf(stored: StoredDocument): string {
  const info =
    stored.pipeline[stored.format === 'ir' ? 'pipelineInfo' : 'metadata'];
  if (typeof info !== 'object' || info === null || Array.isArray(info)) {
    return '';
  }
  const fields = info as { readonly [key: string]: Json };
  const name =
    stored.format === 'ir'
      ? fields['name']
      : (fields['generateName'] ?? fields['name']);
  return typeof name === 'string' ? name.replace(/-$/, '') : '';
}

/** Errors of the compiler: the plain form, wrappers on lines below. */
export function compileError(text: string): ServiceError {
  return plainError(text, [
    'Failed to compile job',
    'Failed to generate the ExecutionSpec'
  ]);
}

function accept(parsed: ParsedPipeline): ReadPipeline {
  switch (parsed.format) {
    case 'ir': {
      const { pipeline, platform } = parsed.document.json;
      return {
        stored: {
          format: 'ir',
          pipeline,
          ...(platform === undefined ? {} : { platform })
        },
        document: parsed.document
      };
    }
    case 'argo':
      return { stored: { format: 'argo', pipeline: parsed.workflow } };
    case 'invalid': {
      const first = parsed.errors[0];
      throw new PipelineFormatError(
        first?.message ?? 'unknown template format',
        parsed.errors.map(error => error.detail ?? error.message).join('; ')
      );
    }
  }
}
