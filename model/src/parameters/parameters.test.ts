import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parsePipelineText } from '../spec/parse-ir.ts';
import { parameterValues } from './parameter-values.ts';
import { looksSecret } from './secret-names.ts';

test('names that hold secrets are known by their words', () => {
  for (const name of [
    'password',
    'db_password',
    'apiKey',
    'api_key',
    'auth-token'
  ]) {
    assert.equal(looksSecret(name), true, name);
  }
  for (const name of ['rows', 'tokenizer', 'secretary', 'keyboard']) {
    assert.equal(looksSecret(name), false, name);
  }
});

test('values say where they came from, and secrets stay hidden', () => {
  const parsed = parsePipelineText(
    JSON.stringify({
      pipelineInfo: { name: 'p' },
      schemaVersion: '2.1.0',
      root: {
        dag: { tasks: {} },
        inputDefinitions: {
          parameters: {
            rows: { parameterType: 'NUMBER_INTEGER', defaultValue: 3 },
            lr: { parameterType: 'NUMBER_DOUBLE' },
            token: { parameterType: 'STRING' }
          }
        }
      },
      components: {},
      deploymentSpec: { executors: {} }
    })
  );
  assert.equal(parsed.format, 'ir');
  if (parsed.format === 'ir') {
    const values = parameterValues(parsed.document.spec, { token: 'x' });
    assert.deepEqual(
      values.map(value => [value.name, value.origin, value.json]),
      [
        ['rows', 'default', '3'],
        ['lr', 'missing', undefined],
        ['token', 'given', undefined]
      ]
    );
  }
});
