/** What is refused, in the words and with the status of KFP 2.17 (kfp-api section 6); odd statuses are the server's own. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import fastify, { type FastifyInstance } from 'fastify';
import type { Json } from 'jupyterlab-kfp-model';

import { createLocalService, type LocalService } from '../service.ts';
import { ScriptedEngine } from './scripted-engine.ts';

type Body = { readonly [key: string]: Json };

const EXECUTORS: Body = { 'exec-a': { container: { image: 'python:3.11' } } };
const TASK: Body = {
  taskInfo: { name: 'a' },
  componentRef: { name: 'comp-a' }
};

/** A pipeline of one task; `change` replaces whole fields. */
function spec(change: Body = {}): Body {
  return {
    pipelineInfo: { name: 'checked' },
    schemaVersion: '2.1.0',
    components: { 'comp-a': { executorLabel: 'exec-a' } },
    deploymentSpec: { executors: EXECUTORS },
    root: { dag: { tasks: { a: TASK } } },
    ...change
  };
}

/** The same with inputs of the pipeline. */
function taking(parameters: Body): Body {
  return spec({
    root: {
      dag: { tasks: { a: TASK } },
      inputDefinitions: { parameters }
    }
  });
}

const V2 = '/apis/v2beta1';

describe('what the service refuses', () => {
  let folder: string;
  let service: LocalService;
  let app: FastifyInstance;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-validation-'));
    service = await createLocalService({
      dataDir: folder,
      configDir: folder,
      version: '0',
      createEngine: () => new ScriptedEngine()
    });
    app = fastify();
    await app.register(service.plugin);
  });
  after(async () => {
    await app.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Post, and compare the status and one part of the message; nothing may be stored. */
  const refuses = async (
    path: string,
    body: Body,
    status: number,
    text: string | RegExp
  ): Promise<void> => {
    const count = async (): Promise<readonly unknown[]> =>
      Promise.all(
        ['runs', 'experiments', 'pipelines', 'recurringruns'].map(
          async what =>
            (await app.inject(`${V2}/${what}`)).json().total_size ?? 0
        )
      );
    const earlier = await count();
    const answer = await app.inject({
      method: 'POST',
      url: path,
      payload: body
    });
    assert.equal(answer.statusCode, status, answer.body);
    const { message, code } = answer.json();
    assert.equal(typeof code, 'number');
    if (typeof text === 'string') {
      assert.ok(message.includes(text), message);
    } else {
      assert.match(message, text);
    }
    assert.deepEqual(await count(), earlier);
  };
  const run = (pipeline_spec: Body, parameters: Body = {}): Body => ({
    display_name: 'a run',
    pipeline_spec,
    runtime_config: { parameters }
  });

  const documents: Readonly<
    Record<string, readonly [Body, number, string | RegExp]>
  > = {
    'an unknown field': [spec({ wrong: 1 }), 500, 'unknown template format'],
    'another schema': [
      spec({ schemaVersion: '2.0.0' }),
      500,
      'KFP only supports schema version 2.1.0, but the pipeline spec has version 2.0.0'
    ],
    'no name': [spec({ pipelineInfo: {} }), 500, 'unknown template format'],
    'no root': [{ ...spec(), root: null }, 500, 'unknown template format'],
    'a component that is not there': [
      spec({ components: {} }),
      500,
      'error processing component name="root": cannot find component ref name="comp-a"'
    ],
    'an executor that is not there': [
      spec({ deploymentSpec: { executors: {} } }),
      500,
      'executor with label "exec-a" not found'
    ]
  };
  for (const [what, [document, status, text]] of Object.entries(documents)) {
    it(`a pipeline with ${what}`, () =>
      refuses(`${V2}/runs`, run(document), status, text));
  }

  const n = (parameterType: string, more: Body = {}): Body =>
    taking({ n: { parameterType, ...more } });
  const given: Readonly<Record<string, readonly [Body, Body, string]>> = {
    'that is missing': [
      n('STRING'),
      {},
      'parameter n is not optional, yet has neither default value nor user provided value'
    ],
    'that is no number': [
      n('NUMBER_INTEGER'),
      { n: '3' },
      'input parameter n requires type double or integer, but the parameter value is not of number value type'
    ],
    'that is no string': [
      n('STRING'),
      { n: 3 },
      'input parameter n requires type string, but the input parameter is not of string value type'
    ],
    'that is no bool': [
      n('BOOLEAN'),
      { n: 'true' },
      'input parameter n requires type bool, but the input parameter is not of bool value type'
    ],
    'that is no list': [
      n('LIST'),
      { n: {} },
      'input parameter n requires type list, but the input parameter is not of list value type'
    ],
    'that is no struct': [
      n('STRUCT'),
      { n: [] },
      'input parameter n requires type struct, but the input parameter is not of struct value type'
    ],
    'that only the service can give': [
      n('TASK_FINAL_STATUS'),
      { n: {} },
      'input parameter n requires type TASK_FINAL_STATUS, which is invalid for root component'
    ],
    'that is none of the literals': [
      n('STRING', { literals: ['x', 'y'] }),
      { n: 'z' },
      'input parameter "n" value "z" does not match any of the allowed literal values: ['
    ],
    'that the pipeline does not have': [
      n('STRING'),
      { n: 'x', b: 1, a: 2 },
      'parameter(s) provided are not required by pipeline: a, b'
    ]
  };
  for (const [what, [document, parameters, text]] of Object.entries(given)) {
    it(`a parameter ${what}`, () =>
      refuses(`${V2}/runs`, run(document, parameters), 400, text));
  }

  it('runs without what they need', async () => {
    const runs = `${V2}/runs`;
    await refuses(
      runs,
      { ...run(spec()), display_name: '' },
      500,
      'Run name cannot be empty'
    );
    await refuses(
      runs,
      { display_name: 'x' },
      500,
      'Failed to fetch a template with an empty pipeline spec manifest'
    );
    await refuses(
      runs,
      { ...run(spec()), experiment_id: 'no-such' },
      404,
      'Experiment no-such not found'
    );
    await refuses(
      runs,
      {
        display_name: 'x',
        pipeline_version_reference: {
          pipeline_id: 'p',
          pipeline_version_id: 'no-such'
        }
      },
      500,
      'PipelineVersion no-such not found'
    );
    await refuses(
      runs,
      {
        ...run(spec()),
        plugins_output: { mlflow: { state: 'PLUGIN_SUCCEEDED' } }
      },
      409,
      'plugins_output is server-owned and populated exclusively via plugin lifecycle hooks'
    );
  });

  it('names and tags that are too long or too many', async () => {
    const long = 'x'.repeat(129);
    await refuses(
      `${V2}/experiments`,
      { display_name: '' },
      500,
      'Experiment must have a non-empty name'
    );
    await refuses(
      `${V2}/experiments`,
      { display_name: long },
      500,
      'Experiment.Name length cannot exceed 128'
    );
    await refuses(`${V2}/pipelines`, {}, 400, 'name is required');
    const tags = (map: Body): Body => ({ display_name: 'p', tags: map });
    const many = Object.fromEntries(
      Array.from({ length: 21 }, (_, index) => [`k${index}`, 'v'])
    );
    for (const [map, text] of [
      [many, 'number of tags (21) exceeds maximum of 20 per entity'],
      [{ '': 'v' }, 'tag key cannot be empty'],
      [{ 'a.b': 'v' }, `tag key "a.b" must not contain '.' character`],
      [
        { [long]: 'v' },
        `tag key "${long}" exceeds maximum length of 63 characters`
      ],
      [
        { k: long },
        `tag value "${long}" for key "k" exceeds maximum length of 63 characters`
      ]
    ] as const) {
      await refuses(`${V2}/pipelines`, tags(map), 400, text);
    }
  });

  it('schedules that could not run', async () => {
    const schedule = (change: Body): Body => ({
      display_name: 'x',
      pipeline_spec: spec(),
      max_concurrency: '1',
      mode: 'ENABLE',
      ...change
    });
    const path = `${V2}/recurringruns`;
    await refuses(
      path,
      schedule({ display_name: '' }),
      500,
      "Recurring run's name cannot be empty"
    );
    await refuses(
      path,
      schedule({ max_concurrency: '0' }),
      400,
      'Max concurrency of a recurring run must be at least 1 and at most 10. Received 0'
    );
    await refuses(
      path,
      schedule({ trigger: { cron_schedule: { cron: '61 * * * * *' } } }),
      400,
      'Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron). Error: '
    );
    await refuses(
      path,
      schedule({ trigger: { periodic_schedule: { interval_second: '0' } } }),
      400,
      'Found invalid period schedule interval 0. Set at interval to least 1 second'
    );
  });

  it('more than 10,000 bytes of parameters in v1beta1', async () => {
    const body = (value: string): Body => ({
      name: 'x',
      pipeline_spec: {
        pipeline_manifest: JSON.stringify(n('STRING')),
        parameters: [{ name: 'n', value }]
      }
    });
    const text = 'The input parameter length exceed maximum size of 10000';
    await refuses('/apis/v1beta1/runs', body('x'.repeat(10_000)), 400, text);
    await refuses(
      '/apis/v1beta1/jobs',
      { ...body('x'.repeat(10_000)), max_concurrency: '1' },
      400,
      text
    );
    const fits = await app.inject({
      method: 'POST',
      url: '/apis/v1beta1/runs',
      payload: body('x'.repeat(9_000))
    });
    assert.equal(fits.statusCode, 200, fits.body);
  });

  it('lists that cannot be made', async () => {
    const asks = async (query: string, text: string): Promise<void> => {
      const answer = await app.inject(`${V2}/runs?${query}`);
      assert.equal(answer.statusCode, 400, answer.body);
      assert.ok(answer.json().message.includes(text), answer.body);
    };
    const filter = (predicate: Body): string =>
      `filter=${encodeURIComponent(JSON.stringify({ predicates: [predicate] }))}`;
    await asks(
      'page_size=-1',
      'The page size should be greater than 0. Got -1'
    );
    await asks('page_token=x', 'Invalid page token');
    await asks(
      'sort_by=color',
      'Invalid sorting field: "color" on listable type Run'
    );
    await asks(
      'sort_by=a%20b%20c',
      'Received invalid sort by format "a b c". Supported format: "field_name", "field_name desc", or "field_name asc"'
    );
    await asks(
      filter({ operation: 'EQUALS', key: 'color', string_value: 'x' }),
      'no support for filtering on unrecognized field "color"'
    );
    await asks(
      filter({ operation: 'IN', key: 'name', string_value: 'x' }),
      'cannot use IN operator with scalar type string'
    );
    await asks(
      filter({
        operation: 'EQUALS',
        key: 'name',
        string_values: { values: ['x'] }
      }),
      'cannot use scalar operator EQUALS on array type []string'
    );
    await asks(
      filter({ operation: 'IS_SUBSTRING', key: 'name', int_value: 1 }),
      'cannot use non string value type int32 with operator IS_SUBSTRING'
    );
    await asks('filter=%7B', 'failed to parse valid filter from ');
  });
});
