/** Pipelines and versions made from a URL, for both APIs (`apiserver/server/pipeline_server.go`). */
import { checkPipelineName } from 'jupyterlab-kfp-model';

import {
  PipelineFormatError,
  readPipelineText
} from '../runs/pipeline-documents.ts';
import type { StoredDocument } from '../store/documents.ts';
import type { PipelineVersion } from '../store/pipeline-versions.ts';
import type { NewPipeline, Pipeline } from '../store/pipelines.ts';
import {
  invalidInput,
  wrapping,
  wrappingAsync
} from '../store/service-error.ts';
import type { Store } from '../store/store.ts';
import { PackageError, readPackage } from './package-file.ts';
import {
  fetchPackage,
  type FetchedFile,
  type FetchOptions
} from './package-url.ts';

export class UrlPackages {
  private readonly _store: Store;
  private readonly _options: FetchOptions;

  constructor(store: Store, options: FetchOptions = {}) {
    this._store = store;
    this._options = options;
  }

  /** Make a pipeline and its first version. Failures get `wrapper` before them. */
  async createPipeline(
    fields: NewPipeline,
    url: string,
    wrapper: string
  ): Promise<Pipeline> {
    return wrappingAsync(wrapper, async () => {
      const file = await fetchPackage(
        url,
        {
          invalid: `invalid pipeline spec URL: ${url}`,
          failed: 'error downloading the pipeline spec from',
          status: (at, status) =>
            `error fetching pipeline spec from ${at} - request returned ${status}`
        },
        this._options
      );
      const document = await read(file);
      const name = fields.name || fields.displayName || file.fileName;
      const named = {
        ...fields,
        name,
        displayName: fields.displayName || name
      };
      return this._store.database.transaction(() => {
        const made = this._store.pipelines.create(named);
        this._store.versions.create(made.id, {
          ...named,
          document,
          packageUrl: url
        });
        return made;
      });
    });
  }

  /** Make a version of a pipeline. Failures get `wrapper` before them. */
  async createVersion(
    pipelineId: string,
    fields: NewPipeline & { readonly codeSourceUrl?: string },
    url: string,
    wrapper: string
  ): Promise<PipelineVersion> {
    return wrappingAsync(wrapper, async () => {
      if (fields.name === '') {
        throw invalidInput('name is required');
      }
      wrapping(`Failed to get a pipeline with id ${pipelineId}`, () =>
        this._store.pipelines.get(pipelineId)
      );
      const file = await fetchPackage(
        url,
        {
          invalid: `Failed to create a pipeline version due to invalid pipeline spec URI. PipelineSpecURI: ${url}. Please specify a valid URL`,
          failed:
            'Failed to create a pipeline version due error downloading the pipeline spec from',
          status: (at, status) =>
            `Failed to fetch pipeline spec with url: ${at}. Request returned ${status}`
        },
        this._options
      );
      const document = await read(file);
      return this._store.versions.create(pipelineId, {
        ...fields,
        document,
        packageUrl: url
      });
    });
  }
}

async function read(file: FetchedFile): Promise<StoredDocument> {
  let text: string;
  try {
    text = await readPackage(file.fileName, file.bytes);
  } catch (error) {
    throw error instanceof PackageError ? invalidInput(error.message) : error;
  }
  try {
    const { stored, document } = readPipelineText(text);
    const wrong =
      document === undefined ? undefined : checkPipelineName(document);
    if (wrong !== undefined) {
      throw invalidInput(wrong);
    }
    return stored;
  } catch (error) {
    throw error instanceof PipelineFormatError
      ? invalidInput(error.message)
      : error;
  }
}
