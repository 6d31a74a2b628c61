/** Finds the pipeline of a run or recurring run: in its request, or among those that are stored. */
import {
  internal,
  invalidInput,
  invalidInputBecause,
  notFound,
  ServiceError,
  wrapping
} from '../store/service-error.ts';
import type { Store } from '../store/store.ts';
import {
  documentOf,
  PipelineFormatError,
  readPipelineStruct,
  readPipelineText,
  type ReadPipeline
} from './pipeline-documents.ts';

/** Where the pipeline of a run comes from. */
export type PipelineOrigin =
  | {
      readonly kind: 'struct';
      readonly spec: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'text'; readonly text: string }
  /** `versionId` '' = the latest version. */
  | {
      readonly kind: 'version';
      readonly pipelineId: string;
      readonly versionId: string;
    }
  /** Digest of a stored document. */
  | { readonly kind: 'stored'; readonly digest: string }
  | { readonly kind: 'none' };

/** A resolved pipeline with the ids that the run's record refers to. */
export interface ResolvedPipeline {
  readonly pipeline: ReadPipeline;
  readonly pipelineId: string;
  readonly versionId: string;
}

/** Find the pipeline of a run or recurring run; failures carry the server's chain. */
export function resolvePipeline(
  store: Store,
  origin: PipelineOrigin,
  what: 'run' | 'recurring run'
): ResolvedPipeline {
  try {
    return findPipeline(store, origin);
  } catch (error) {
    if (error instanceof PipelineFormatError) {
      throw manifestError(
        what,
        invalidInputBecause(error.message, 'pipeline spec is invalid').wrap(
          'Failed to fetch a template with an invalid pipeline spec manifest'
        )
      );
    }
    throw error instanceof ServiceError ? manifestError(what, error) : error;
  }
}

function manifestError(what: string, cause: ServiceError): ServiceError {
  return internal(
    `Failed to create a ${what} due to error fetching manifest`,
    cause
  );
}

function findPipeline(store: Store, origin: PipelineOrigin): ResolvedPipeline {
  switch (origin.kind) {
    case 'struct':
      return inline(readPipelineStruct(origin.spec));
    case 'text':
      return inline(readPipelineText(origin.text));
    case 'stored':
      return inline(readStored(store, origin.digest));
    case 'none':
      throw invalidInput(
        'Failed to fetch a template with an empty pipeline spec manifest'
      );
    case 'version':
      return wrapping(
        'Failed to fetch a template due to error retrieving pipeline version',
        () => findVersion(store, origin)
      );
  }
}

function findVersion(
  store: Store,
  origin: { readonly pipelineId: string; readonly versionId: string }
): ResolvedPipeline {
  const { pipelineId, versionId } = origin;
  if (versionId !== '') {
    const version = wrapping(
      `Failed to fetch a pipeline version and its manifest from pipeline version ${versionId}`,
      () =>
        wrapping(`Failed to get a pipeline version with id ${versionId}`, () =>
          store.versions.get(versionId)
        )
    );
    if (pipelineId !== '' && version.pipelineId !== pipelineId) {
      throw invalidInput(
        `Pipeline version ${versionId} belongs to pipeline ${version.pipelineId} (not ${pipelineId})`
      );
    }
    return {
      pipeline: readStored(store, version.document),
      pipelineId: version.pipelineId,
      versionId
    };
  }
  const version = wrapping(
    `Failed to fetch a pipeline version and its manifest from pipeline ${pipelineId}`,
    () => {
      wrapping(
        'Failed to get the latest pipeline version as pipeline was not found',
        () => store.pipelines.get(pipelineId)
      );
      const latest = store.versions.latestOf(pipelineId);
      if (latest === undefined) {
        throw notFound('PipelineVersion', '').wrap(
          `Failed to get the latest pipeline version for pipeline ${pipelineId}`
        );
      }
      return latest;
    }
  );
  return {
    pipeline: readStored(store, version.document),
    pipelineId,
    versionId: version.id
  };
}

function readStored(store: Store, digest: string): ReadPipeline {
  const stored = store.documents.get(digest);
  return stored.format === 'ir'
    ? { stored, document: documentOf(stored) }
    : { stored };
}

function inline(pipeline: ReadPipeline): ResolvedPipeline {
  return { pipeline, pipelineId: '', versionId: '' };
}
