import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { AttemptSpec } from './contract.ts';
import { collectOutputs, parseParameter } from './outputs.ts';

describe('a parameter file', () => {
  it('is read by its type, without trimming texts', () => {
    assert.equal(parseParameter('STRING', ' a\n'), ' a\n');
    assert.equal(parseParameter('NUMBER_INTEGER', ' -12\n'), -12);
    assert.equal(parseParameter('NUMBER_DOUBLE', '1e-3\n'), 0.001);
    for (const text of ['1', 't', 'T', 'TRUE', 'true', 'True\n']) {
      assert.equal(parseParameter('BOOLEAN', text), true);
    }
    for (const text of ['0', 'f', 'F', 'FALSE', 'false', 'False']) {
      assert.equal(parseParameter('BOOLEAN', text), false);
    }
    assert.deepEqual(parseParameter('LIST', '[1, {"a": null}]'), [
      1,
      { a: null }
    ]);
    assert.deepEqual(parseParameter('STRUCT', '{"a": 1}'), { a: 1 });
  });

  it('is refused where it does not fit its type', () => {
    for (const [type, text] of [
      ['NUMBER_INTEGER', '1.5'],
      ['NUMBER_INTEGER', '0x10'],
      ['NUMBER_INTEGER', ''],
      ['NUMBER_INTEGER', '99999999999999999999'],
      ['NUMBER_DOUBLE', 'NaN'],
      ['NUMBER_DOUBLE', 'Infinity'],
      ['NUMBER_DOUBLE', '0b1'],
      ['BOOLEAN', 'tRuE'],
      ['BOOLEAN', 'yes'],
      ['LIST', '{"a": 1}'],
      ['STRUCT', '[]'],
      ['STRUCT', "{'a': 1}"]
    ] as const) {
      assert.throws(() => parseParameter(type, text), /is not/, type + text);
    }
  });
});

describe('the outputs of an attempt', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-outputs-'));
    mkdirSync(join(folder, 'params'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const collect = (written: {
    readonly output?: string;
    readonly file?: string;
    readonly schemaTitle?: string;
  }) => {
    const file = join(folder, 'params', 'x');
    const data = join(folder, 'data');
    const outputFile = join(folder, 'executor_output.json');
    if (written.output !== undefined) {
      writeFileSync(outputFile, written.output);
    }
    if (written.file !== undefined) {
      writeFileSync(file, written.file);
    }
    return collectOutputs({
      folder,
      executorInput: {
        outputs: {
          artifacts: {
            data: {
              artifacts: [
                {
                  type: { schemaTitle: written.schemaTitle ?? 'system.Dataset' }
                }
              ]
            }
          }
        }
      },
      outputs: {
        outputFile,
        parameters: { x: { type: 'STRING', file } },
        artifacts: { data: { uri: data, path: data } }
      }
    } as unknown as AttemptSpec);
  };

  it('come from the output file first, in either spelling, then from parameter files', async () => {
    for (const key of ['parameterValues', 'parameter_values']) {
      const output = JSON.stringify({ [key]: { x: 'output' } });
      const { outputs, error } = await collect({ output, file: 'file' });
      assert.deepEqual([outputs.parameters['x'], error], ['output', undefined]);
    }
    const { outputs } = await collect({ output: '{}', file: 'file' });
    assert.equal(outputs.parameters['x'], 'file');
  });

  it('fail where one is missing or too large', async () => {
    assert.match(
      (await collect({})).error ?? '',
      /^failed to read output parameter name="x" type="STRING" path=/
    );
    const long = 'x'.repeat(6 * 1024 * 1024);
    const said =
      'output parameter "x" is 6 MB, the limit is 4 MB; use an artifact';
    assert.equal((await collect({ file: long })).error, said);
    const output = JSON.stringify({ parameterValues: { x: long } });
    assert.equal((await collect({ output })).error, said);
    assert.match(
      (await collect({ output: '{"parameterValues": {"x": NaN}}' })).error ??
        '',
      /^executor output is not valid JSON/
    );
  });

  it('follow a custom path, and note an artifact that was not written', async () => {
    const bare = await collect({ file: 'v' });
    assert.deepEqual(bare.warnings, [
      'artifact "data" was not written (artifact-missing)'
    ]);
    writeFileSync(join(folder, 'elsewhere'), 'bytes');
    const { outputs, warnings } = await collect({
      file: 'v',
      output: JSON.stringify({
        artifacts: {
          data: {
            artifacts: [
              {
                name: 'data',
                uri: join(folder, 'data'),
                metadata: { a: 1 },
                custom_path: join(folder, 'elsewhere')
              }
            ]
          }
        }
      })
    });
    assert.deepEqual(warnings, []);
    const [artifact] = outputs.artifacts['data'] ?? [];
    assert.equal(artifact?.uri, join(folder, 'data'));
    assert.deepEqual(artifact?.metadata, { a: 1 });
  });

  it('do not miss the file of metrics that were logged', async () => {
    const [before, after] = [{}, { confidenceMetrics: [] }];
    const warnings = [];
    for (const metadata of [before, after]) {
      const collected = await collect({
        schemaTitle: 'system.ClassificationMetrics',
        file: 'v',
        output: JSON.stringify({
          artifacts: { data: { artifacts: [{ name: 'data', metadata }] } }
        })
      });
      warnings.push(collected.warnings);
    }
    assert.deepEqual(warnings, [
      ['artifact "data" was not written (artifact-missing)'],
      []
    ]);
  });
});
