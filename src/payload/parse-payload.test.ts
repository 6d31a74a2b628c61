import { parsePipelinePayload, parseRunPayload } from './parse-payload';
import { unpackGraph } from './payload-graph';
import { viewOfEntry } from './saved-view';

const payload = {
  schema: 'kfp.run/1',
  runs: [
    {
      run_id: '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11',
      name: 'train-1',
      connection: { profile: 'local', fingerprint: 'f', flavour: 'local' },
      pipeline: { name: 'train' },
      submitted_at: '2026-11-23T12:00:00Z',
      graph: 'g',
      snapshot: {
        final: true,
        state: 'FAILED',
        created_at: '2026-11-23T12:00:00Z',
        finished_at: '2026-11-23T12:01:00Z',
        tasks: { state: 'SFN', start: '1 10 -', dur: '5 20 -' },
        counts: { SUCCEEDED: 1, FAILED: 1, NOT_REACHED: 1 },
        failure: { task: 'train', reason: "KeyError: 'label'", exit_code: 1 }
      }
    }
  ],
  graphs: { g: { v: 'load train eval', e: '0-1 1-2', p: '- - -', k: 'TTT' } }
};

describe('parseRunPayload', () => {
  it('reads a payload and the picture in it', () => {
    const read = parseRunPayload(payload);
    const view = read && viewOfEntry(read.runs[0], read.graphs);
    expect(view?.run.state).toBe('FAILED');
    expect(view?.tasks.train.state).toBe('FAILED');
    expect(view?.tasks.train.finished_at).toBe('2026-11-23T12:00:30.000Z');
    expect(view?.counts).toMatchObject({ total: 3, done: 3, succeeded: 1 });
    expect(view?.failure?.reason).toBe("KeyError: 'label'");
    expect(view?.capabilities.actions).toEqual([]);
  });

  it.each([
    ['a newer version', { ...payload, schema: 'kfp.run/2' }],
    ['no runs', { ...payload, runs: [] }],
    [
      'an id that is no UUID',
      { ...payload, runs: [{ ...payload.runs[0], run_id: '../../x' }] }
    ],
    [
      'a half payload',
      { schema: 'kfp.run/1', runs: [{ run_id: payload.runs[0].run_id }] }
    ],
    ['text', 'kfp.run/1']
  ])('refuses %s', (_, data) => {
    expect(parseRunPayload(data)).toBeNull();
    expect(parsePipelinePayload(data)).toBeNull();
  });
});

describe('unpackGraph', () => {
  it('leaves out edges and parents that lead nowhere', () => {
    const graph = unpackGraph({
      v: 'a b',
      e: '0-1 1-9 1-1',
      p: '1 0',
      k: 'TL'
    });
    expect(graph.edges).toEqual([{ from: 'a', to: 'b' }]);
    expect(graph.vertices.map(vertex => vertex.parent)).toEqual([
      undefined,
      'a'
    ]);
  });
});
