import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { PipelineInput } from '../payload/types.ts';
import { parameterText, readParameter } from './parameter-text.ts';

const input = (type: string, literals?: readonly string[]): PipelineInput => ({
  name: 'x',
  type,
  optional: false,
  ...(literals === undefined ? {} : { literals })
});

const value = (type: string, text: string): unknown => {
  const read = readParameter(input(type), text);
  return read.ok ? read.value : read.fault.kind;
};

describe('a typed text', () => {
  it('is read by the type of its parameter', () => {
    assert.equal(value('STRING', ''), '');
    assert.equal(value('STRING', ' 1 '), ' 1 ');
    assert.equal(value('NUMBER_INTEGER', ' -12 '), -12);
    assert.equal(value('NUMBER_DOUBLE', '1e-3'), 0.001);
    assert.equal(value('NUMBER_DOUBLE', '.5'), 0.5);
    assert.equal(value('BOOLEAN', 'False'), false);
    assert.deepEqual(value('LIST', '["a", 1]'), ['a', 1]);
    assert.deepEqual(value('STRUCT', '{"a": {}}'), { a: {} });
  });

  it('is refused where it is no such value', () => {
    assert.equal(value('NUMBER_INTEGER', '1.0'), 'integer');
    assert.equal(value('NUMBER_INTEGER', ''), 'integer');
    assert.equal(value('NUMBER_DOUBLE', 'NaN'), 'number');
    assert.equal(value('NUMBER_DOUBLE', '1e999'), 'number');
    assert.equal(value('BOOLEAN', 'yes'), 'boolean');
    assert.equal(value('LIST', '{}'), 'list');
    assert.equal(value('STRUCT', '[]'), 'struct');
    assert.equal(value('STRUCT', 'null'), 'struct');
    assert.equal(value('LIST', ' '), 'required');
  });

  it('tells where JSON breaks', () => {
    const read = readParameter(input('LIST'), '[\n "a",');
    assert.deepEqual(read, {
      ok: false,
      fault: { kind: 'json', line: 2, column: 6 }
    });
  });

  it('must be one of the choices, and keeps its type', () => {
    const choice = input('NUMBER_INTEGER', ['1', '2']);
    assert.deepEqual(readParameter(choice, '2'), { ok: true, value: 2 });
    const refused = readParameter(choice, '3');
    assert.ok(!refused.ok && refused.fault.kind === 'choice');
    const word = readParameter(input('STRING', ['"fast"', '"exact"']), 'fast');
    assert.deepEqual(word, { ok: true, value: 'fast' });
  });

  it('comes back as it was shown', () => {
    const cases = [
      ['STRING', fc.string()],
      ['NUMBER_INTEGER', fc.maxSafeInteger()],
      ['BOOLEAN', fc.boolean()],
      ['LIST', fc.array(fc.jsonValue())],
      ['STRUCT', fc.dictionary(fc.string(), fc.jsonValue())]
    ] as const;
    for (const [type, arbitrary] of cases) {
      fc.assert(
        fc.property(arbitrary as fc.Arbitrary<unknown>, shown => {
          const json = JSON.stringify(shown);
          const read = readParameter(input(type), parameterText(type, json));
          assert.ok(read.ok, `${type} ${json}`);
          assert.equal(JSON.stringify(read.value), json);
        })
      );
    }
  });
});
