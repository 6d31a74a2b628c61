import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { TaskView } from 'jupyterlab-kfp-model';

import { runFailure } from './run-failure.ts';

const LOG = `Traceback (most recent call last):
  File "/r/a0/ephemeral_component.py", line 8, in a
    import pandas as pd
ModuleNotFoundError: No module named 'pandas'
`;

const failed = (reason: string, code: string): TaskView => ({
  id: 't1',
  path: 'a',
  name: 'a',
  vertex: 'a',
  kind: 'task',
  state: 'FAILED',
  finished_at: '2026-11-25T09:00:00Z',
  attempts: [{ index: 0, id: 'p', state: 'FAILED' }],
  failure: { reason, code, exit_code: 1 }
});

const logs = {
  read: () =>
    Promise.resolve({
      text: LOG,
      offset: 0,
      next: LOG.length,
      size: LOG.length,
      end: true
    })
};

describe('the failure card of the local service', () => {
  it('keeps what helps beside the exception', async () => {
    const found = await runFailure(
      [
        failed(
          'The task ended with exit code 1. The module "pandas" is not there: add it to packages_to_install',
          'exit'
        )
      ],
      logs,
      undefined
    );
    assert.equal(
      found?.reason,
      "ModuleNotFoundError: No module named 'pandas'"
    );
    assert.equal(
      found?.hint,
      'The module "pandas" is not there: add it to packages_to_install.'
    );
  });

  it('has no hint where nothing is known but the exception', async () => {
    const found = await runFailure(
      [failed('The task ended with exit code 1', 'exit')],
      logs,
      undefined
    );
    assert.equal(
      found?.reason,
      "ModuleNotFoundError: No module named 'pandas'"
    );
    assert.equal(found?.hint, undefined);
  });

  it('gives the sentence of the service where no exception explains it', async () => {
    const found = await runFailure(
      [failed('The deadline of 5 s is over', 'deadline')],
      logs,
      undefined
    );
    assert.equal(found?.reason, 'The deadline of 5 s is over');
  });
});
