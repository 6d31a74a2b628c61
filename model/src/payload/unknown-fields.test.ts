import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RUN_MIME_TYPE, type Bundle, type RunPayload } from './types.ts';
import { keepUnknownFields } from './unknown-fields.ts';

const entry = {
  run_id: 'r',
  name: 'n',
  connection: { profile: 'local', fingerprint: 'f', flavour: 'local' },
  pipeline: { name: 'p' },
  submitted_at: '2026-11-23T12:00:00Z',
  snapshot: { final: false, state: 'RUNNING', counts: {} }
} as const;
const fresh: RunPayload = {
  schema: 'kfp.run/1',
  runs: [{ ...entry, snapshot: { ...entry.snapshot, final: true } }]
};
const bundle: Bundle = {
  [RUN_MIME_TYPE]: fresh,
  'text/html': 'h',
  'text/plain': 't'
};

describe('keepUnknownFields', () => {
  it('keeps what a newer version wrote, and nothing that is known', () => {
    const old = {
      schema: 'kfp.run/1',
      runs: [{ ...entry, sdk: 'kfp 2', colour: 'red' }],
      graphs: {},
      theme: { a: 1 }
    } as const;
    assert.deepEqual(keepUnknownFields(bundle, old), {
      ...bundle,
      [RUN_MIME_TYPE]: {
        ...fresh,
        runs: [{ ...fresh.runs[0], colour: 'red' }],
        theme: { a: 1 }
      }
    });
  });

  it('keeps them in every part of a handle and in graphs, not in a snapshot that is over', () => {
    const graph = { v: 'a', e: '', p: '-', k: 'T' };
    const newer = {
      ...fresh,
      runs: [
        {
          ...entry,
          connection: { ...entry.connection, region: 'eu' },
          pipeline: { ...entry.pipeline, owner: 'me' },
          snapshot: { ...entry.snapshot, progress: '3 of 5' }
        }
      ],
      graphs: { g: { ...graph, x: '1' } }
    } as unknown as RunPayload; // with fields that no type knows
    const made = {
      ...bundle,
      [RUN_MIME_TYPE]: { ...fresh, graphs: { g: graph } }
    };
    const [run] = fresh.runs;
    assert.deepEqual(keepUnknownFields(made, newer)[RUN_MIME_TYPE], {
      ...fresh,
      runs: [
        {
          ...run,
          connection: { ...entry.connection, region: 'eu' },
          pipeline: { ...entry.pipeline, owner: 'me' }
        }
      ],
      graphs: { g: { ...graph, x: '1' } }
    });
  });

  it('lets them go when the output would become too large', () => {
    const old = { ...fresh, theme: 'x'.repeat(70_000) };
    assert.deepEqual(keepUnknownFields(bundle, old), bundle);
  });
});
