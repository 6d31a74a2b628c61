import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { SettingError, settingsOf } from './settings.ts';

describe('the settings of tasks', () => {
  it('are what the variables say, and nothing where they are not set', () => {
    assert.deepEqual(settingsOf({}), { tasks: { isolation: 'auto' } });
    assert.deepEqual(
      settingsOf({
        JUPYTERLAB_KFP_ISOLATION: 'namespace',
        JUPYTERLAB_KFP_FORK_SERVER: 'off',
        JUPYTERLAB_KFP_MAX_TASKS: '3',
        JUPYTERLAB_KFP_SITE_PACKAGES: 'on',
        JUPYTERLAB_KFP_RUNTIME: 'exact'
      }),
      {
        tasks: {
          isolation: 'namespace',
          forkServer: false,
          sitePackages: true,
          exactRuntime: true
        },
        maxTasks: 3
      }
    );
  });

  it('are refused with what they may be', () => {
    for (const [name, value, words] of [
      ['ISOLATION', 'docker', 'auto, process, namespace, container'],
      ['FORK_SERVER', 'yes', 'on or off'],
      ['MAX_TASKS', '0', '1 to 9999'],
      ['SITE_PACKAGES', '1', 'on or off'],
      ['RUNTIME', 'pinned', 'copy or exact']
    ] as const) {
      assert.throws(
        () => settingsOf({ [`JUPYTERLAB_KFP_${name}`]: value }),
        new SettingError(
          `JUPYTERLAB_KFP_${name} is "${value}"; it may be ${words}.`
        )
      );
    }
  });
});
