/** Artifacts of the web are fetched from a real server; what is elsewhere is said before the task begins. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import {
  artifact,
  from,
  pipeline,
  type ComponentText
} from './testing/pipeline-text.ts';
import { TestEngine } from './testing/test-engine.ts';
import { fetchedPath, fetchInputs } from './remote-artifacts.ts';
import { emptyScope, type TaskNode } from './task-node.ts';

const RUN =
  'program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main --component_module_path "$program_path/ephemeral_component.py" "$@"\n';

const python = (source: string): ComponentText['container'] => ({
  command: ['sh', '-ec', RUN, source],
  args: ['--executor_input', '{{$}}', '--function_to_execute', 'f']
});

describe('artifacts that are elsewhere', () => {
  let test: TestEngine;
  let server: Server;
  let base: string;
  const asked: string[] = [];
  before(async () => {
    server = createServer((request, response) => {
      const { url = '' } = request;
      asked.push(url);
      switch (url) {
        case '/data.csv':
          return response.end('a,b\n1,2\n');
        case '/moved':
          return response.writeHead(302, { location: '/data.csv' }).end();
        case '/big':
          return response
            .writeHead(200, { 'content-length': '2000000' })
            .end(Buffer.alloc(2_000_000));
        case '/endless': {
          const more = setInterval(
            () => response.write(Buffer.alloc(100_000)),
            1
          );
          return response.once('close', () => clearInterval(more));
        }
        case '/torn':
          response.writeHead(200, { 'content-length': '100' });
          response.write('half');
          return setTimeout(() => response.destroy(), 50);
        default:
          return response.writeHead(404).end('no');
      }
    });
    await new Promise<void>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve())
    );
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    test = new TestEngine();
    asked.length = 0;
  });
  afterEach(() => test.close());

  const importing = (uri: string, container?: ComponentText['container']) =>
    pipeline(
      {
        tasks: {
          get: {},
          use: { artifacts: { data: from.artifact('get', 'artifact') } },
          also: {
            of: 'use',
            artifacts: { data: from.artifact('get', 'artifact') }
          }
        }
      },
      {
        get: {
          outArtifacts: { artifact },
          importer: {
            artifactUri: { constant: uri },
            typeSchema: {
              schemaTitle: 'system.Dataset',
              schemaVersion: '0.0.1'
            }
          }
        },
        use: {
          inArtifacts: { data: artifact },
          container: { image: 'use', ...container }
        }
      }
    );

  it('come from the web once for all tasks of a run, also by a redirect', async () => {
    const read: string[] = [];
    test.does({
      use: ({ artifacts }) => {
        const uri = artifacts['data']?.[0]?.uri ?? '';
        read.push(readFileSync(uri, 'utf8'));
        return {};
      }
    });
    const plain = await test.run(importing(`${base}/data.csv`));
    assert.equal(plain.state, 'SUCCEEDED', plain.error);
    assert.deepEqual(read, ['a,b\n1,2\n', 'a,b\n1,2\n']);
    assert.deepEqual(asked, ['/data.csv']);
    const moved = await test.run(importing(`${base}/moved`));
    assert.equal(moved.state, 'SUCCEEDED', moved.error);
    assert.deepEqual(asked.slice(1), ['/moved', '/data.csv']);
    assert.equal(read.length, 4);
    const imported = moved.tasks['get']?.outputs.artifacts['artifact']?.[0];
    assert.equal(imported?.uri, `${base}/moved`);
  });

  it('fail their consumer with what the server said', async () => {
    const absent = await test.run(importing(`${base}/absent`));
    assert.equal(
      absent.error,
      `artifact "data" at ${base}/absent cannot be fetched: the server answered 404`
    );
    assert.equal(test.runner.started.length, 0);
    const nobody = await test.run(importing('http://127.0.0.1:1/x'));
    assert.match(
      nobody.error ?? '',
      /^artifact "data" at http:\/\/127\.0\.0\.1:1\/x cannot be fetched: /
    );
    const secret = base.replace('//', '//me:hunter2@');
    const told = await test.run(importing(`${secret}/data.csv`));
    assert.doesNotMatch(told.error ?? '', /hunter2/);
    assert.match(
      told.error ?? '',
      /an address with a password in it is not used/
    );
  });

  it('leave nothing half behind, and no more than the limit', async () => {
    const fetching = (uri: string) =>
      fetchInputs(
        {
          inputs: {
            ...emptyScope(),
            artifacts: {
              data: [
                { artifactId: '', name: 'data', type: {}, uri, metadata: {} }
              ]
            }
          }
        } as unknown as TaskNode,
        test.folder,
        1_000_000
      );
    for (const [path, reason] of [
      ['/big', /it has more than 1\.0 MB, the limit for one file$/],
      ['/endless', /it has more than 1\.0 MB, the limit for one file$/],
      ['/torn', /cannot be fetched: /]
    ] as const) {
      await assert.rejects(fetching(base + path), reason);
      const folder = dirname(fetchedPath(base + path, test.folder));
      assert.deepEqual(readdirSync(folder), [], path);
    }
  });

  it('are named before the task when it opens a file that is not here', async () => {
    const elsewhere =
      'artifact "data" is at gs://bucket/data; no credentials here. Copy it to this machine and import that path, or import an http(s) address';
    for (const container of [
      python('def f(data: Input[Dataset]):\n    open(data.path)\n'),
      python("def f(data_path: InputPath('Dataset')):\n    open(data_path)\n"),
      {
        command: ['cat'],
        args: ["--in={{$.inputs.artifacts['data'].path}}"]
      },
      python('def f(data: Input[Dataset]):\n    d = data\n    open(d.path)\n'),
      python('def f(data: Input[List[Dataset]]):\n    open(data[0].path)\n'),
      python(
        'def f(data: Input[List[Dataset]]):\n    for i, one in enumerate(data):\n        open(one.path)\n'
      ),
      python(
        'def f(data: Input[List[Dataset]]):\n    print([open(one.path) for one in data])\n'
      )
    ]) {
      const { error, tasks } = await test.run(
        importing('gs://bucket/data', container)
      );
      assert.equal(error, elsewhere);
      assert.equal(tasks['use']?.attempts.length, 1);
    }
    assert.equal(test.runner.started.length, 0);
  });

  it('are named in the plan, through pipelines and lists', async () => {
    const opens = python('def f(data: Input[Dataset]):\n    open(data.path)\n');
    const get = (uri: string): ComponentText => ({
      outArtifacts: { artifact },
      importer: {
        artifactUri: { constant: uri },
        typeSchema: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' }
      }
    });
    const document = pipeline(
      {
        tasks: {
          far: {},
          web: {},
          reads: {
            of: 'inner',
            artifacts: { data: from.artifact('far', 'artifact') }
          },
          fetches: {
            of: 'open',
            artifacts: { data: from.artifact('web', 'artifact') }
          },
          passes: {
            of: 'pass',
            artifacts: { data: from.artifact('far', 'artifact') }
          }
        }
      },
      {
        far: get('s3://bucket/data'),
        web: get(`${base}/data.csv`),
        inner: {
          inArtifacts: { data: artifact },
          tasks: {
            one: { of: 'open', artifacts: { data: from.inputArtifact('data') } }
          }
        },
        open: { inArtifacts: { data: artifact }, container: opens },
        pass: { inArtifacts: { data: artifact } }
      }
    );
    const { warnings, refusals } = await test.engine.plan(test.make(document));
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      warnings.filter(({ name }) => name === 'remote-artifact'),
      [
        {
          name: 'remote-artifact',
          text: 'Task reads.one opens a file that is not here: artifact "data" is at s3://bucket/data; no credentials here. Copy it to this machine and import that path, or import an http(s) address.'
        }
      ]
    );
  });

  it('do not keep a task back that does without the file', async () => {
    for (const container of [
      python(
        'def f(data: Input[Dataset]):\n    # not data.path\n    print(data.uri)\n'
      ),
      python(
        'def f(data: Input[Dataset]):\n    if os.path.exists(data.path): open(data.path)\n'
      ),
      python(
        'def f(data: Input[List[Dataset]], out: Output[Dataset]):\n    for one in data: print(one.uri)\n    for one in [out]: open(one.path)\n'
      ),
      python(
        'def f(data: Input[Dataset]):\n    d = data\n    if os.path.exists(d.path): open(d.path)\n'
      ),
      { command: ['echo'], args: ["{{$.inputs.artifacts['data'].uri}}"] }
    ]) {
      const { state, error } = await test.run(
        importing('gs://bucket/data', container)
      );
      assert.equal(state, 'SUCCEEDED', error);
    }
    const local = join(test.folder, 'here');
    const { error } = await test.run(
      importing(local, python('def f(data):\n    open(data.path)\n'))
    );
    assert.equal(error, `there is no file ${local}`);
  });
});
