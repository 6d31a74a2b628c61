import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Json } from 'jupyterlab-kfp-model';

import type { StoredArtifact, TaskRecord } from '../engine/contract.ts';
import { coverOf } from './cover-values.ts';
import { taskView, wholeValue } from './task-view.ts';

const LONG = 'a word '.repeat(3000);
const NOTHING = coverOf();

const artifact = (
  metadata: Readonly<Record<string, Json>>
): StoredArtifact => ({
  artifactId: 'a1',
  name: 'curve',
  type: { schemaTitle: 'system.ClassificationMetrics' },
  uri: 'away/curve',
  metadata
});

const record = (
  parameters: Readonly<Record<string, Json>>,
  metadata: Readonly<Record<string, Json>> = {}
): TaskRecord => ({
  taskId: 't',
  runId: 'r',
  path: 'root.say',
  key: 'say',
  displayName: 'say',
  kind: 'task',
  state: 'SUCCEEDED',
  createdAt: '2026-11-25T09:00:00Z',
  inputs: { parameters: {}, artifacts: {} },
  outputs: { parameters, artifacts: { curve: [artifact(metadata)] } },
  attempts: []
});

const view = (
  one: TaskRecord,
  defaults: ReadonlyMap<string, Json> = new Map()
) => taskView(one, 'root', new Map(), new Map(), defaults, NOTHING);

describe('values in the view of a task', () => {
  it('travel whole while they are short', () => {
    const [value, curve] =
      view(record({ out: [1, 2] }, { a: 1 })).outputs ?? [];
    assert.equal(value?.json, '[1,2]');
    assert.equal(value?.cut, undefined);
    assert.equal(curve?.metadata, '{"a":1}');
  });

  it('are cut with their whole length when they are long, and can be had whole', () => {
    const one = record({ out: LONG }, { points: LONG });
    const [value, curve] = view(one).outputs ?? [];
    assert.ok((value?.json?.length ?? 0) < 10_000);
    assert.equal(value?.cut, LONG.length + 2);
    assert.equal(curve?.metadata, undefined);
    assert.equal(curve?.cut, JSON.stringify({ points: LONG }).length);
    assert.equal(
      wholeValue(one, 'outputs', 'out', NOTHING),
      JSON.stringify(LONG)
    );
    assert.equal(
      wholeValue(one, 'outputs', 'curve', NOTHING),
      JSON.stringify({ points: LONG })
    );
    assert.equal(wholeValue(one, 'outputs', 'ghost', NOTHING), undefined);
  });

  it('are those of the component where nobody gave one', () => {
    const defaults = new Map<string, Json>([
      ['rows', 3],
      ['api_token', 'hunter2-hunter2'],
      ['given', 1]
    ]);
    const one: TaskRecord = {
      ...record({}),
      startedAt: '2026-11-25T09:00:01Z',
      inputs: { parameters: { given: 2 }, artifacts: {} }
    };
    const found = view(one, defaults).inputs?.map(
      ({ name, json, origin, redacted }) => [name, json, origin, redacted]
    );
    assert.deepEqual(found, [
      ['given', '2', undefined, undefined],
      ['rows', '3', 'default', undefined],
      ['api_token', undefined, 'default', true]
    ]);
    assert.deepEqual(view(record({}), defaults).inputs, []);
  });

  it('hold no secret of the run when they are asked for whole either', () => {
    const one: TaskRecord = {
      ...record({ out: 'Bearer hunter2-hunter2' }),
      inputs: { parameters: { api_token: 'hunter2-hunter2' }, artifacts: {} }
    };
    assert.equal(wholeValue(one, 'outputs', 'out', NOTHING), '"Bearer ••••"');
    assert.equal(wholeValue(one, 'inputs', 'api_token', NOTHING), undefined);
  });
});
