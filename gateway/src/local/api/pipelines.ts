/** `/apis/v2beta1/pipelines` and their versions, but for uploads. */
import type { FastifyInstance } from 'fastify';

import { specOf } from '../runs/pipeline-documents.ts';
import { within } from '../store/list-query.ts';
import type { PipelineVersion } from '../store/pipeline-versions.ts';
import type { Pipeline, Tags } from '../store/pipelines.ts';
import {
  internal,
  invalidInput,
  notFound,
  wrapping
} from '../store/service-error.ts';
import type { Store } from '../store/store.ts';
import { checkLength, checkTags } from './lengths.ts';
import { listRequest, queryBool, wrapListOptions } from './list-request.ts';
import {
  CREATE_PIPELINE_AND_VERSION,
  PIPELINE,
  PIPELINE_VERSION
} from './messages.ts';
import { mapField, message, timestamp } from './answer-message.ts';
import { decodeBody, objectField, stringField } from './protojson.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from './route-context.ts';
import { pageMessage } from './resource-routes.ts';
import { answers } from './route-schema.ts';

const BASE = '/apis/v2beta1/pipelines';

export function pipelineRoutes(
  app: FastifyInstance,
  context: RouteContext
): void {
  const { store, packages } = context;
  app.post(BASE, answers('CreatePipeline', PIPELINE), async request => {
    const body = decodeBody(bodyText(request), PIPELINE);
    const name = stringField(body, 'name') || stringField(body, 'display_name');
    const tags = (objectField(body, 'tags') ?? {}) as Tags;
    return wrapping('Failed to create a pipeline due to server error', () => {
      if (name === '') {
        throw invalidInput('name is required');
      }
      checkNameLength('Pipeline.Name', name);
      checkTags(tags);
      return pipelineToWire(
        store.pipelines.create({
          name,
          displayName: stringField(body, 'display_name') || name,
          description: stringField(body, 'description'),
          tags
        })
      );
    });
  });
  app.get(BASE, answers('ListPipelines'), async request => {
    const list = listRequest(queryOf(request), 'v2');
    const page = wrapListOptions(
      `Failed to list pipelines due invalid list options: ${list.summary}`,
      () => store.pipelines.list(list.options())
    );
    return pageMessage('pipelines', page, pipelineToWire);
  });
  app.post(
    `${BASE}/create`,
    answers('CreatePipelineAndVersion', CREATE_PIPELINE_AND_VERSION),
    async request => {
      const body = decodeBody(bodyText(request), CREATE_PIPELINE_AND_VERSION);
      const version = objectField(body, 'pipeline_version') ?? {};
      const url = stringField(
        objectField(version, 'package_url') ?? {},
        'pipeline_url'
      );
      const pipeline = objectField(body, 'pipeline') ?? {};
      const tags = (objectField(pipeline, 'tags') ?? {}) as Tags;
      checkTags(tags);
      return pipelineToWire(
        await packages.createPipeline(
          {
            name: stringField(pipeline, 'name'),
            displayName: stringField(pipeline, 'display_name'),
            description: stringField(pipeline, 'description'),
            tags
          },
          url,
          'Failed to create a pipeline'
        )
      );
    }
  );
  app.get(
    `${BASE}/names/:name`,
    answers('GetPipelineByName'),
    async request => {
      const name = pathText(request, 'name');
      return wrapping(
        `Failed to get a pipeline with name ${name} and namespace . Check error stack.`,
        () =>
          wrapping(
            `Failed to get a pipeline named ${name} in namespace `,
            () => {
              const found = store.pipelines.findByName(name);
              if (found === undefined) {
                throw notFound('Namespace/Pipeline', `/${name}`);
              }
              return pipelineToWire(found);
            }
          )
      );
    }
  );
  app.get(`${BASE}/:id`, answers('GetPipeline'), async request => {
    const id = pathText(request, 'id');
    return wrapping(`Failed to get a pipeline ${id}. Check error stack`, () =>
      pipelineToWire(getPipeline(store, id))
    );
  });
  app.patch(
    `${BASE}/:id`,
    answers('UpdatePipeline', PIPELINE),
    async request => {
      const id = pathText(request, 'id');
      const body = decodeBody(bodyText(request), PIPELINE);
      return wrapping(`Failed to update pipeline ${id}`, () =>
        pipelineToWire(store.pipelines.update(id, changeOf(body)))
      );
    }
  );
  app.delete(`${BASE}/:id`, answers('DeletePipeline'), async request => {
    const id = pathText(request, 'id');
    const cascade = queryBool(queryOf(request), 'cascade');
    wrapping(`Failed to delete pipeline ${id}. Check error stack`, () =>
      store.pipelines.delete(id, cascade)
    );
    return {};
  });
  versionRoutes(app, context);
}

function versionRoutes(
  app: FastifyInstance,
  { store, packages }: RouteContext
): void {
  const base = `${BASE}/:id/versions`;
  app.post(
    base,
    answers('CreatePipelineVersion', PIPELINE_VERSION),
    async request => {
      const body = decodeBody(bodyText(request), PIPELINE_VERSION);
      const url = objectField(body, 'package_url');
      if (url === undefined) {
        throw invalidInput(
          'Failed to create a pipeline version. Package URL is nil'
        );
      }
      if (stringField(url, 'pipeline_url') === '') {
        throw invalidInput(
          'Failed to create a pipeline version. Package URL is empty'
        );
      }
      const tags = (objectField(body, 'tags') ?? {}) as Tags;
      checkTags(tags);
      const displayName = stringField(body, 'display_name');
      const name = stringField(body, 'name') || displayName;
      const made = await packages.createVersion(
        pathText(request, 'id'),
        {
          name,
          displayName: displayName || name,
          description: stringField(body, 'description'),
          tags,
          codeSourceUrl: stringField(body, 'code_source_url')
        },
        stringField(url, 'pipeline_url'),
        'Failed to create a pipeline version. Check error stack'
      );
      return versionToWire(store, made);
    }
  );
  app.get(base, answers('ListPipelineVersions'), async request => {
    const list = listRequest(queryOf(request), 'v2');
    const page = wrapListOptions(
      `Failed to list pipeline versions due invalid list options: ${list.summary}`,
      () =>
        store.versions.list(
          list.options(),
          within('pipeline_id', pathText(request, 'id'))
        )
    );
    return pageMessage('pipeline_versions', page, version =>
      versionToWire(store, version)
    );
  });
  app.get(`${base}/:version`, answers('GetPipelineVersion'), async request => {
    const id = pathText(request, 'version');
    return wrapping(`Failed to get a pipeline version ${id}`, () =>
      wrapping(`Failed to get a pipeline version with id ${id}`, () =>
        versionToWire(store, store.versions.get(id))
      )
    );
  });
  app.patch(
    `${base}/:version`,
    answers('UpdatePipelineVersion', PIPELINE_VERSION),
    async request => {
      const id = pathText(request, 'version');
      const body = decodeBody(bodyText(request), PIPELINE_VERSION);
      return wrapping(`Failed to update pipeline version ${id}`, () =>
        versionToWire(store, store.versions.update(id, changeOf(body)))
      );
    }
  );
  app.delete(
    `${base}/:version`,
    answers('DeletePipelineVersion'),
    async request => {
      const id = pathText(request, 'version');
      wrapping(`Failed to delete a pipeline version ${id}`, () =>
        store.versions.delete(id)
      );
      return {};
    }
  );
}

function getPipeline(store: Store, id: string): Pipeline {
  return wrapping(`Failed to get a pipeline with id ${id}`, () =>
    store.pipelines.get(id)
  );
}

/** Only these two may change; absent tags stay, empty ones clear all. */
function changeOf(body: Readonly<Record<string, unknown>>): {
  readonly displayName: string;
  readonly tags?: Tags;
} {
  const tags = objectField(body, 'tags') as Tags | undefined;
  if (tags !== undefined) {
    checkTags(tags);
  }
  return {
    displayName: stringField(body, 'display_name'),
    ...(tags === undefined ? {} : { tags })
  };
}

/** Lengths fail with 500 in JSON calls, as a conversion that went wrong. */
function checkNameLength(
  field: 'Pipeline.Name' | 'PipelineVersion.Name',
  name: string
): void {
  try {
    checkLength(field, name);
  } catch (error) {
    throw error instanceof Error
      ? internal('Failed to convert API pipeline to model pipeline', error)
      : error;
  }
}

export function pipelineToWire(pipeline: Pipeline): Record<string, unknown> {
  return message({
    pipeline_id: pipeline.id,
    display_name: pipeline.displayName,
    name: pipeline.name,
    description: pipeline.description,
    created_at: timestamp(pipeline.createdAt),
    tags: mapField(pipeline.tags)
  });
}

export function versionToWire(
  store: Store,
  version: PipelineVersion
): Record<string, unknown> {
  return message({
    pipeline_id: version.pipelineId,
    pipeline_version_id: version.id,
    display_name: version.displayName,
    name: version.name,
    description: version.description,
    created_at: timestamp(version.createdAt),
    package_url:
      version.packageUrl === ''
        ? undefined
        : { pipeline_url: version.packageUrl },
    code_source_url: version.codeSourceUrl,
    pipeline_spec: specOf(store.documents.get(version.document)),
    tags: mapField(version.tags)
  });
}
