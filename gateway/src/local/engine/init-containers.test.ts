/** Init containers of the platform document reach the attempt, or the run is refused. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { Json } from 'jupyterlab-kfp-model';

import { from, pipeline } from './testing/pipeline-text.ts';
import { TestEngine } from './testing/test-engine.ts';

describe('init containers of the platform document', () => {
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine();
  });
  afterEach(() => test.close());

  const document = (initContainers: Json) =>
    pipeline(
      {
        tasks: {
          make: { with: { pvc_name: from.constant('made') } },
          one: { after: ['make'] }
        }
      },
      {
        make: {
          in: { pvc_name: 'STRING' },
          out: { name: 'STRING' },
          container: { image: 'argostub/createpvc' }
        },
        one: {}
      },
      {
        one: {
          initContainers,
          emptyDirMounts: [
            { volumeName: 'scratch', mountPath: '/a' },
            { volumeName: 'scratch', mountPath: '/b' },
            { volumeName: 'other', mountPath: '/c' }
          ],
          pvcMount: [{ constant: 'made', mountPath: '/d', subPath: 'below' }]
        }
      }
    );

  it('get the folders of the volumes that they name', async () => {
    test.runner.answer = { ...test.runner.answer, isolation: 'container' };
    const { state, error } = await test.run(
      document([
        {
          name: 'fetch',
          image: 'busybox',
          command: ['sh', '-c'],
          args: ['echo {{$.x}} $(A)'],
          env: [{ name: 'A', value: '1' }],
          volumeMounts: [
            { volumeName: 'scratch', mountPath: '/in' },
            { volumeName: 'made', mountPath: '/pvc' }
          ]
        },
        { name: 'second', image: 'busybox' }
      ])
    );
    assert.equal(state, 'SUCCEEDED', error);
    const spec = test.runner.started[0];
    const [d, a, b, c] = spec?.mounts ?? [];
    assert.equal(a?.source, b?.source);
    assert.notEqual(a?.source, c?.source);
    const [first, second] = spec?.initContainers ?? [];
    assert.deepEqual(first, {
      name: 'fetch',
      image: 'busybox',
      command: ['sh', '-c'],
      args: ['echo {{$.x}} $(A)'],
      env: [{ name: 'A', value: '1' }],
      mounts: [
        { source: a?.source, target: '/in', readOnly: false },
        {
          source: d?.source.replace(/\/below$/, ''),
          target: '/pvc',
          readOnly: false
        }
      ]
    });
    assert.deepEqual(second?.mounts, []);
  });

  it('are refused where they ask for what is not there', async () => {
    const { refusals } = await test.engine.check(
      test.make(
        document([
          {
            name: 'fetch',
            image: 'busybox',
            volumeMounts: [{ volumeName: 'nowhere', mountPath: '/x' }]
          },
          { name: 'proxy', image: 'busybox', restartPolicy: 'Always' }
        ])
      )
    );
    assert.deepEqual(
      refusals.map(({ text }) => text),
      [
        'Task one cannot run here: its init container "fetch" mounts the volume "nowhere", which the task does not have; its init container "proxy" is a sidecar (restart policy Always), which does not run here.'
      ]
    );
  });
});
