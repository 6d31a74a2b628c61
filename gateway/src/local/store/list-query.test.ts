import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { openDatabase, type Database } from './database.ts';
import type { FilterOperation, ListRequest, Predicate } from './list-query.ts';
import { createStore, type Store } from './store.ts';
import { RunStore, type WireRunState } from './runs.ts';

const STATES: readonly WireRunState[] = [
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELING'
];

function request(changes: Partial<ListRequest> = {}): ListRequest {
  return {
    pageSize: 0,
    pageToken: '',
    sortBy: '',
    filterText: '',
    predicates: [],
    ...changes
  };
}

describe('lists', () => {
  let store: Store;
  const COUNT = 10_000;

  before(() => {
    store = createStore(openDatabase(':memory:'), () => 0);
    const document = store.documents.put({ format: 'ir', pipeline: { a: 1 } });
    store.database.transaction(() => {
      for (let n = 0; n < COUNT; n++) {
        store.runs.insert({
          id: `id-${String(n).padStart(5, '0')}`,
          name: `Run ${n % 100}`,
          description: '',
          experimentId: `e${n % 10}`,
          recurringRunId: '',
          pipelineId: '',
          pipelineVersionId: '',
          storageState: n % 3 === 0 ? 'ARCHIVED' : 'AVAILABLE',
          state: STATES[n % STATES.length] ?? 'PENDING',
          createdAt: 1_700_000_000_000 + (n >> 1) * 1000,
          scheduledAt: 0,
          finishedAt: 0,
          serviceAccount: 'sa',
          api: 'v2',
          document,
          pipelineRoot: '',
          stateHistory: [],
          options: {},
          parameters: { text: 'x'.repeat(500) }
        });
      }
    });
  });
  after(() => store.database.close());

  it('pages through everything once, whatever the order', () => {
    for (const sortBy of ['created_at desc', 'name', 'state desc', 'id']) {
      const seen = new Set<string>();
      let pageToken = '';
      do {
        const page = store.runs.list(
          request({ pageSize: 200, sortBy: pageToken ? '' : sortBy, pageToken })
        );
        assert.equal(page.total, COUNT);
        for (const run of page.rows) {
          assert.ok(!seen.has(run.id), `${run.id} twice by ${sortBy}`);
          seen.add(run.id);
        }
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      assert.equal(seen.size, COUNT);
    }
  });

  it('breaks ties by id in the same direction', () => {
    const page = store.runs.list(
      request({ pageSize: 2, sortBy: 'created_at desc' })
    );
    assert.deepEqual(
      page.rows.map(run => run.id),
      ['id-09999', 'id-09998']
    );
  });

  it('compares texts without case and times in whole seconds', () => {
    const named = store.runs.list(
      request({
        predicates: [
          {
            operation: 'EQUALS',
            key: 'name',
            value: { kind: 'scalar', value: 'rUN 7' }
          }
        ]
      })
    );
    assert.equal(named.total, 100);
    const at = store.runs.list(
      request({
        predicates: [
          {
            operation: 'EQUALS',
            key: 'created_at',
            value: { kind: 'time', at: 1_700_000_003_000 }
          }
        ]
      })
    );
    assert.equal(at.total, 2);
  });

  it('refuses a token with other criteria', () => {
    const first = store.runs.list(request({ pageSize: 2, sortBy: 'name' }));
    assert.throws(
      () =>
        store.runs.list(
          request({ pageToken: first.nextPageToken, sortBy: 'created_at' })
        ),
      /page token does not match/
    );
  });

  it('finds pages of runs in an index, whatever they are sorted and filtered by', () => {
    const { database } = store;
    const texts: string[] = [];
    const watched: Database = {
      ...database,
      db: database.db,
      statement: sql => {
        texts.push(sql);
        return database.statement(sql);
      }
    };
    const runs = new RunStore(watched, store.documents);
    const scalar = (
      operation: FilterOperation,
      key: string,
      value: string
    ): Predicate => ({ operation, key, value: { kind: 'scalar', value } });
    for (const sortBy of ['created_at desc', 'name', 'state', 'finished_at']) {
      for (const predicates of [
        [],
        [
          scalar('NOT_EQUALS', 'storage_state', 'ARCHIVED'),
          scalar('IS_SUBSTRING', 'name', '7')
        ],
        [scalar('EQUALS', 'state', 'FAILED')]
      ]) {
        runs.list(request({ pageSize: 50, sortBy, predicates }));
      }
    }
    assert.equal(texts.length, 24);
    for (const text of texts) {
      const plan = database.db
        .prepare(`EXPLAIN QUERY PLAN ${text}`)
        .all(...Array.from(text.matchAll(/\?/g), () => 1))
        .map(row => String(row['detail']));
      const reads = plan.filter(line => /^(SCAN|SEARCH) runs/.test(line));
      assert.ok(
        reads.length > 0 &&
          reads.every(line => /^SEARCH .*INDEX|COVERING INDEX/.test(line)),
        `${text}\n${plan.join('\n')}`
      );
    }
  });
});
