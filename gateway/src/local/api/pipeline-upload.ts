/** `pipelines/upload` and `upload_version` of both APIs: multipart, with the answers of the server's hand-written handlers. */
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkPipelineName } from 'jupyterlab-kfp-model';

import {
  PipelineFormatError,
  readPipelineText,
  type ReadPipeline
} from '../runs/pipeline-documents.ts';
import type { PipelineVersion } from '../store/pipeline-versions.ts';
import type { Pipeline, Tags } from '../store/pipelines.ts';
import { Code, ServiceError } from '../store/service-error.ts';
import type { Store } from '../store/store.ts';
import { PlainRouteError } from './errors.ts';
import { checkLength, checkTags } from './lengths.ts';
import { queryText } from './list-request.ts';
import { MAX_PACKAGE, PackageError, readPackage } from './package-file.ts';
import { pipelineToWire, versionToWire } from './pipelines.ts';
import { queryOf, type RouteContext } from './route-context.ts';
import { answers } from './route-schema.ts';
import { pipelineToV1, versionToV1 } from './v1/pipelines.ts';

const PIPELINE_FAILED = 'Failed to create a pipeline and a pipeline version';
const VERSION_FAILED = 'Failed to create a pipeline version';

interface Upload {
  readonly fileName: string;
  readonly pipeline: ReadPipeline;
}

/** How the two APIs differ: their prefix and the shape of what was made. */
interface UploadApi {
  readonly prefix: string;
  readonly suffix: string;
  readonly pipeline: (store: Store, made: Pipeline) => Record<string, unknown>;
  readonly version: (
    store: Store,
    made: PipelineVersion
  ) => Record<string, unknown>;
}

const APIS: readonly UploadApi[] = [
  {
    prefix: '/apis/v2beta1',
    suffix: '',
    pipeline: (_store, made) => pipelineToWire(made),
    version: versionToWire
  },
  {
    prefix: '/apis/v1beta1',
    suffix: 'V1',
    pipeline: pipelineToV1,
    version: versionToV1
  }
];

export async function uploadRoutes(
  app: FastifyInstance,
  { store }: RouteContext
): Promise<void> {
  await app.register(multipart, {
    limits: { fileSize: MAX_PACKAGE, files: 4, fields: 20 }
  });
  for (const api of APIS) {
    app.post(
      `${api.prefix}/pipelines/upload`,
      answers(`UploadPipeline${api.suffix}`),
      (request, reply) =>
        answering(reply, async () =>
          api.pipeline(store, await uploadPipeline(store, request))
        )
    );
    app.post(
      `${api.prefix}/pipelines/upload_version`,
      answers(`UploadPipelineVersion${api.suffix}`),
      (request, reply) =>
        answering(reply, async () =>
          api.version(store, await uploadVersion(store, request))
        )
    );
  }
}

async function uploadPipeline(
  store: Store,
  request: FastifyRequest
): Promise<Pipeline> {
  const { fileName, pipeline } = await readUpload(
    request,
    'Failed to read a pipeline spec file',
    PIPELINE_FAILED
  );
  const query = queryOf(request);
  const displayName = queryText(query, 'display_name');
  const name = queryText(query, 'name') || displayName || fileName;
  checkLength('Pipeline.Name', name);
  checkLength('Pipeline.Namespace', queryText(query, 'namespace'));
  const tags = readTags(queryText(query, 'tags'));
  const fields = {
    name,
    displayName: displayName || name,
    description: queryText(query, 'description'),
    tags
  };
  checkName(pipeline);
  return creating(PIPELINE_FAILED, () =>
    store.database.transaction(() => {
      const made = store.pipelines.create(fields);
      store.versions.create(made.id, {
        ...fields,
        codeSourceUrl: queryText(query, 'code_source_url'),
        document: pipeline.stored
      });
      return made;
    })
  );
}

async function uploadVersion(
  store: Store,
  request: FastifyRequest
): Promise<PipelineVersion> {
  const { fileName, pipeline } = await readUpload(
    request,
    VERSION_FAILED,
    VERSION_FAILED
  );
  const query = queryOf(request);
  const displayName = queryText(query, 'display_name');
  const name = queryText(query, 'name') || displayName || fileName;
  checkLength('PipelineVersion.Name', name);
  const pipelineId = queryText(query, 'pipelineid');
  if (store.pipelines.find(pipelineId) === undefined) {
    throw new PlainRouteError(400, VERSION_FAILED, 'text/plain');
  }
  const tags = readTags(queryText(query, 'tags'));
  checkName(pipeline);
  return creating(VERSION_FAILED, () =>
    store.versions.create(pipelineId, {
      name,
      displayName: displayName || name,
      description: queryText(query, 'description'),
      tags,
      codeSourceUrl: queryText(query, 'code_source_url'),
      document: pipeline.stored
    })
  );
}

async function answering(
  reply: FastifyReply,
  work: () => Promise<Record<string, unknown>>
): Promise<FastifyReply> {
  try {
    return await reply.send(await work());
  } catch (error) {
    if (error instanceof PlainRouteError) {
      return error.send(reply);
    }
    if (error instanceof ServiceError && error.code === Code.invalidArgument) {
      // Length and tag checks answer bare text.
      return reply
        .code(400)
        .header('content-type', 'text/plain')
        .send(`${error.message}\n`);
    }
    throw error;
  }
}

async function readUpload(
  request: FastifyRequest,
  unreadable: string,
  failed: string
): Promise<Upload> {
  const file = request.isMultipart()
    ? await readFile(request, unreadable)
    : undefined;
  if (file === undefined) {
    throw new PlainRouteError(
      400,
      'Failed to read pipeline from file',
      'text/plain'
    );
  }
  let text: string;
  try {
    text = await readPackage(file.fileName, file.bytes);
  } catch (error) {
    if (error instanceof PackageError) {
      throw new PlainRouteError(400, unreadable, 'text/plain');
    }
    throw error;
  }
  if (text === '') {
    throw new PlainRouteError(500, failed, 'application/json');
  }
  try {
    return { fileName: file.fileName, pipeline: readPipelineText(text) };
  } catch (error) {
    if (error instanceof PipelineFormatError) {
      throw new PlainRouteError(400, error.message, 'application/json');
    }
    throw error;
  }
}

async function readFile(
  request: FastifyRequest,
  unreadable: string
): Promise<{ fileName: string; bytes: Buffer } | undefined> {
  try {
    let found: { fileName: string; bytes: Buffer } | undefined;
    for await (const part of request.parts()) {
      if (part.type !== 'file') {
        continue;
      }
      const bytes = await part.toBuffer();
      if (part.fieldname === 'uploadfile') {
        found ??= { fileName: part.filename, bytes };
      }
    }
    return found;
  } catch {
    // Too large, or the multipart text itself is broken.
    throw new PlainRouteError(400, unreadable, 'text/plain');
  }
}

function readTags(text: string): Tags {
  if (text === '') {
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    !Object.values(value).every(item => typeof item === 'string')
  ) {
    throw new PlainRouteError(
      400,
      'Failed to parse tags query parameter. Expected JSON object with string keys and values',
      'application/json'
    );
  }
  const tags = value as Tags;
  checkTags(tags);
  return tags;
}

function checkName({ document }: ReadPipeline): void {
  const wrong =
    document === undefined ? undefined : checkPipelineName(document);
  if (wrong !== undefined) {
    throw new PlainRouteError(400, wrong, 'application/json');
  }
}

function creating<T>(failed: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    if (error instanceof ServiceError && error.code === Code.alreadyExists) {
      throw new PlainRouteError(409, failed, 'application/json');
    }
    throw error;
  }
}
