/** `/apis/v1beta1/pipelines` and `/apis/v1beta1/pipeline_versions`, but for uploads. */
import type { FastifyInstance } from 'fastify';

import { within } from '../../store/list-query.ts';
import type { PipelineVersion } from '../../store/pipeline-versions.ts';
import type { Pipeline } from '../../store/pipelines.ts';
import {
  internal,
  invalidInput,
  notFound,
  wrapping
} from '../../store/service-error.ts';
import type { Store } from '../../store/store.ts';
import { checkLength } from '../lengths.ts';
import { listRequest, queryText, wrapListOptions } from '../list-request.ts';
import { message, timestamp } from '../answer-message.ts';
import { decodeBody, objectField, stringField } from '../protojson.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from '../route-context.ts';
import { pageMessage } from '../resource-routes.ts';
import { answers } from '../route-schema.ts';
import { manifestText, parameterList } from './manifests.ts';
import { PIPELINE_V1, VERSION_V1 } from './messages.ts';
import { queryKey, reference, referredId } from './references.ts';

const PIPELINES = '/apis/v1beta1/pipelines';
const VERSIONS = '/apis/v1beta1/pipeline_versions';

export function pipelineRoutesV1(
  app: FastifyInstance,
  context: RouteContext
): void {
  const { store, packages } = context;
  app.post(
    PIPELINES,
    answers('CreatePipelineV1', PIPELINE_V1),
    async request => {
      const body = decodeBody(bodyText(request), PIPELINE_V1);
      const name = stringField(body, 'name');
      const url = stringField(objectField(body, 'url') ?? {}, 'pipeline_url');
      wrapping(
        'Failed to create a pipeline (v1beta1) due to pipeline conversion error',
        () => {
          try {
            checkLength('Pipeline.Name', name);
          } catch (error) {
            throw error instanceof Error
              ? internal(
                  'Failed to convert API pipeline to model pipeline',
                  error
                )
              : error;
          }
        }
      );
      const made = await packages.createPipeline(
        {
          name,
          displayName: name,
          description: stringField(body, 'description'),
          tags: {}
        },
        url,
        'Failed to create a pipeline (v1beta1)'
      );
      return pipelineToV1(store, made);
    }
  );
  app.get(PIPELINES, answers('ListPipelinesV1'), async request => {
    const query = queryOf(request);
    const list = listRequest(query, 'v1');
    const key = queryKey(query, 'resource_reference_key');
    if (key !== undefined && key.type !== 'NAMESPACE') {
      throw invalidInput(
        `Failed to list pipelines (v1beta1) due to invalid resource references for pipelines: &{${key.type} ${key.id}}`
      );
    }
    const page = wrapListOptions(
      `Failed to list pipelines due invalid list options: ${list.summary}`,
      () => store.pipelines.list(list.options())
    );
    return pageMessage('pipelines', page, pipeline =>
      pipelineToV1(store, pipeline)
    );
  });
  app.get(`${PIPELINES}/:id`, answers('GetPipelineV1'), async request => {
    const id = pathText(request, 'id');
    const pipeline = wrapping(
      `Failed to get a pipeline (v1beta1) ${id}. Check error stack`,
      () =>
        wrapping(`Failed to get a pipeline with id ${id}`, () =>
          store.pipelines.get(id)
        )
    );
    wrapping(
      `Failed to get a pipeline (v1beta1) ${id} due to error fetching the latest pipeline version`,
      () => latest(store, id)
    );
    return pipelineToV1(store, pipeline);
  });
  app.get(
    '/apis/v1beta1/namespaces/:namespace/pipelines/:name',
    answers('GetPipelineByNameV1'),
    async request => {
      const name = pathText(request, 'name');
      // One user: the namespace is dropped; "-" is how clients write "none".
      return wrapping(
        `Failed to get a pipeline (v1beta1) with name ${name} and namespace . Check error stack.`,
        () =>
          wrapping(
            `Failed to get a pipeline named ${name} in namespace `,
            () => {
              const found = store.pipelines.findByName(name);
              if (found === undefined) {
                throw notFound('Namespace/Pipeline', `/${name}`);
              }
              return pipelineToV1(store, found);
            }
          )
      );
    }
  );
  app.delete(`${PIPELINES}/:id`, answers('DeletePipelineV1'), async request => {
    const id = pathText(request, 'id');
    wrapping(
      `Failed to delete pipeline (v1beta1) ${id}. Check error stack`,
      () => store.pipelines.delete(id, false)
    );
    return {};
  });
  app.get(
    `${PIPELINES}/:id/templates`,
    answers('GetTemplateV1'),
    async request => {
      const id = pathText(request, 'id');
      return wrapping(
        `Failed to get the default template (v1beta1) for pipeline ${id}. Check error stack`,
        () => {
          wrapping(
            'Failed to get the latest template as pipeline was not found',
            () => store.pipelines.get(id)
          );
          const version = wrapping(
            'Failed to get the latest template for a pipeline',
            () => latest(store, id)
          );
          return {
            template: manifestText(store.documents.get(version.document))
          };
        }
      );
    }
  );
  app.post(
    `${PIPELINES}/:id/default_version/:version`,
    answers('UpdatePipelineDefaultVersionV1'),
    async request => {
      store.pipelines.setDefaultVersion(
        pathText(request, 'id'),
        pathText(request, 'version')
      );
      return {};
    }
  );
  versionRoutesV1(app, context);
}

function versionRoutesV1(
  app: FastifyInstance,
  { store, packages }: RouteContext
): void {
  app.post(
    VERSIONS,
    answers('CreatePipelineVersionV1', VERSION_V1),
    async request => {
      const body = decodeBody(bodyText(request), VERSION_V1);
      const url = stringField(
        objectField(body, 'package_url') ?? {},
        'pipeline_url'
      );
      if (url === '') {
        throw invalidInput(
          "Failed to create a pipeline version (v1beta1). Pipeline version is nil or pipeline's URL is empty"
        );
      }
      const name = stringField(body, 'name');
      const made = await packages.createVersion(
        referredId(body, 'PIPELINE'),
        {
          name,
          displayName: name,
          description: stringField(body, 'description'),
          tags: {},
          codeSourceUrl: stringField(body, 'code_source_url')
        },
        url,
        'Failed to create a pipeline version (v1beta1) due to internal server error'
      );
      return versionToV1(store, made);
    }
  );
  app.get(VERSIONS, answers('ListPipelineVersionsV1'), async request => {
    const query = queryOf(request);
    const list = listRequest(query, 'v1');
    const id = queryText(query, 'resource_key.id');
    if (id === '') {
      throw invalidInput(
        'Failed to list pipeline versions (v1beta1) due to missing pipeline id'
      );
    }
    const page = wrapListOptions(
      `Failed to list pipeline versions due invalid list options: ${list.summary}`,
      () => store.versions.list(list.options(), within('pipeline_id', id))
    );
    return pageMessage('versions', page, version =>
      versionToV1(store, version)
    );
  });
  app.get(`${VERSIONS}/:id`, answers('GetPipelineVersionV1'), async request => {
    const id = pathText(request, 'id');
    return wrapping(`Failed to get a pipeline version (v1beta1) ${id}`, () =>
      wrapping(`Failed to get a pipeline version with id ${id}`, () =>
        versionToV1(store, store.versions.get(id))
      )
    );
  });
  app.delete(
    `${VERSIONS}/:id`,
    answers('DeletePipelineVersionV1'),
    async request => {
      const id = pathText(request, 'id');
      wrapping(
        `Failed to delete a pipeline version (v1beta1) ${id} due error fetching a pipeline id`,
        () =>
          wrapping(`Failed to get a pipeline version with id ${id}`, () =>
            store.versions.delete(id)
          )
      );
      return {};
    }
  );
  app.get(
    `${VERSIONS}/:id/templates`,
    answers('GetPipelineVersionTemplateV1'),
    async request => {
      const id = pathText(request, 'id');
      return wrapping(
        `Failed to get a pipeline template for pipeline version ${id}`,
        () =>
          wrapping(
            `Failed to get pipeline version template as pipeline version id ${id} was not found`,
            () => ({
              template: manifestText(
                store.documents.get(store.versions.get(id).document)
              )
            })
          )
      );
    }
  );
}

function latest(store: Store, pipelineId: string): PipelineVersion {
  const version = store.versions.latestOf(pipelineId);
  if (version === undefined) {
    throw notFound('PipelineVersion', '').wrap(
      `Failed to get the latest pipeline version for pipeline ${pipelineId}`
    );
  }
  return version;
}

/** A pipeline as v1beta1 shows it: its default version is the latest one. */
export function pipelineToV1(
  store: Store,
  pipeline: Pipeline
): Record<string, unknown> {
  const version = store.versions.latestOf(pipeline.id);
  return message({
    id: pipeline.id,
    created_at: timestamp(pipeline.createdAt),
    name: pipeline.name,
    description: pipeline.description,
    parameters:
      version === undefined
        ? []
        : parameterList(store.documents.get(version.document)),
    url:
      version === undefined || version.packageUrl === ''
        ? undefined
        : { pipeline_url: version.packageUrl },
    default_version:
      version === undefined ? undefined : versionToV1(store, version)
  });
}

export function versionToV1(
  store: Store,
  version: PipelineVersion
): Record<string, unknown> {
  return message({
    id: version.id,
    name: version.name,
    created_at: timestamp(version.createdAt),
    parameters: parameterList(store.documents.get(version.document)),
    code_source_url: version.codeSourceUrl,
    package_url:
      version.packageUrl === ''
        ? undefined
        : { pipeline_url: version.packageUrl },
    resource_references: [reference('PIPELINE', version.pipelineId, 'OWNER')],
    description: version.description
  });
}
