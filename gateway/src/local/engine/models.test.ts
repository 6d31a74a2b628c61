/** Models in images: who gets them where, and what is said where nobody can bring them. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { artifact, from, pipeline } from './testing/pipeline-text.ts';
import { TestEngine } from './testing/test-engine.ts';

const URI = 'oci://registry.example/team/model:v1';
const MODEL = {
  image: 'registry.example/team/model:v1',
  target: '/oci/registry.example_team_model:v1/models'
};

const using = (address: { constant?: string; runtimeParameter?: string }) =>
  pipeline(
    {
      in: { where: { parameterType: 'STRING', isOptional: true } },
      tasks: {
        get: { with: { uri: from.input('where') } },
        use: {
          of: 'inner',
          artifacts: { model: from.artifact('get', 'artifact') }
        },
        other: {}
      }
    },
    {
      get: {
        in: { uri: { parameterType: 'STRING', isOptional: true } },
        outArtifacts: { artifact },
        importer: {
          artifactUri: address,
          typeSchema: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' }
        }
      },
      inner: {
        inArtifacts: { model: artifact },
        tasks: {
          load: { artifacts: { model: from.inputArtifact('model') } }
        }
      },
      load: {
        inArtifacts: { model: artifact },
        out: { Output: 'STRING' },
        container: { args: ["{{$.inputs.artifacts['model'].path}}"] }
      },
      other: {}
    }
  );

describe('a model in an image', () => {
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine();
    test.runner.noContainers = undefined;
    test.runner.answer = { ...test.runner.answer, isolation: 'namespace' };
  });
  afterEach(() => test.close());

  it('is brought for the tasks that take it, where the runtime looks for it', async () => {
    const { state, error } = await test.run(using({ constant: URI }));
    assert.equal(state, 'SUCCEEDED', error);
    const attempts = new Map(
      test.runner.started.map(spec => [spec.image, spec])
    );
    const load = attempts.get('load');
    assert.deepEqual(load?.models, [MODEL]);
    assert.deepEqual(load.args, [MODEL.target]);
    assert.match(JSON.stringify(load.executorInput), new RegExp(`"${URI}"`));
    assert.equal(attempts.get('other')?.models, undefined);
  });

  it('is asked for as a mount, in the plan and at the start', async () => {
    const document = using({ runtimeParameter: 'uri' });
    await test.engine.check(test.make(document, { where: URI }));
    const mounts = (): readonly string[] =>
      test.runner.asked.flatMap(({ needsMounts }) => needsMounts);
    assert.deepEqual(mounts(), [MODEL.target]);
    test.runner.asked.length = 0;
    await test.run(document, { where: URI });
    assert.ok(mounts().includes(MODEL.target));
  });

  it('is refused where nothing can bring it, with what is missing', async () => {
    test.runner.noContainers = 'it needs docker or podman. Neither answers.';
    const { refusals } = await test.engine.check(
      test.make(using({ constant: URI }))
    );
    const reason =
      'its model is in the image registry.example/team/model:v1: it needs docker or podman. Neither answers.';
    assert.deepEqual(
      refusals.map(({ text }) => text),
      [`Task get cannot run here: ${reason}`]
    );
    const forced = await test.run(
      using({ constant: URI }),
      {},
      { force: true }
    );
    assert.equal(forced.state, 'FAILED');
    assert.equal(forced.tasks['get']?.error?.message, reason);
    assert.equal(forced.states['use'], 'NOT_REACHED');
  });

  it('has an address that names an image', async () => {
    for (const uri of ['oci://', 'oci://--privileged', 'oci://a b']) {
      const { refusals } = await test.engine.check(
        test.make(using({ constant: uri }))
      );
      assert.match(
        refusals[0]?.text ?? '',
        /^Task get cannot run here: oci:\/\/.* names no image: an address is oci:\/\/<registry>/
      );
      const forced = await test.run(
        using({ constant: uri }),
        {},
        { force: true }
      );
      assert.match(forced.tasks['get']?.error?.message ?? '', /names no image/);
    }
  });
});
