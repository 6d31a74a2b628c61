/** The same as with podman, by the docker client: it talks to podman's service, which speaks docker's API. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';

import { Bench, logOf, messageOf, quiet } from '../test-attempts.ts';
import { containerBehaviour } from './container-behaviour.ts';
import { ContainerRuntimes } from './container-runtime.ts';
import { dockerOverPodman, modelImage, shellImage } from './test-images.ts';
import { containerAttempts } from './test-containers.ts';

const IMAGE = 'localhost/jupyterlab-kfp-test-docker:1';
const ENTRY = 'localhost/jupyterlab-kfp-test-docker-entry:1';
const MODEL = 'localhost/jupyterlab-kfp-test-docker-model:1';

const service = await dockerOverPodman();
const bench = new Bench();
const runner = bench.runner();
after(async () => {
  await bench.close();
  service.close();
});

const attempts = containerAttempts(bench, 'docker', IMAGE);
const { shell } = attempts;

describe('docker', { skip: service.missing ?? false }, () => {
  before(() => {
    shellImage(IMAGE);
    shellImage(ENTRY, ['ENTRYPOINT ["/bin/sh", "-c", "echo entry $0 $@"]']);
    modelImage(MODEL, 'the weights');
  });
  after(() => {
    spawnSync('podman', ['rmi', '--force', IMAGE, ENTRY, MODEL]);
  });

  // Podman's service answers the attach of a failed start with an error of its own.
  containerBehaviour(
    bench,
    runner,
    attempts,
    { shell: IMAGE, entry: ENTRY },
    /./
  );

  it('is preferred where it answers', async () => {
    const found = await new ContainerRuntimes(Date.now).find();
    assert.deepEqual(found, {
      name: 'docker',
      isRootful: process.getuid?.() === 0
    });
  });

  it('gives models', async () => {
    const spec = shell('cat /oci/m/models/deep/weights', {
      models: [{ image: MODEL, target: '/oci/m/models' }]
    });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    assert.match(logOf(spec), /the weights/);
  });

  it('tells of an image that cannot be had', async () => {
    const spec = shell('', { image: 'localhost/none:1', command: [] });
    assert.match(
      messageOf(await runner.run(spec, quiet)),
      /^the image localhost\/none:1 cannot be pulled: /
    );
  });
});
