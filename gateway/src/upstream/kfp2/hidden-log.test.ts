/** Secrets among the parameters of a run do not come out of its log. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { coverSecrets, hiddenForms } from './hidden-log.ts';

const FORMS = hiddenForms({
  db_password: 'hunter2-"canary"',
  rows: 10,
  note: 'harmless text',
  login: { user: 'anna', api_key: 'key-of-anna' },
  url: 'https://anna:pass-of-anna@host/x',
  pwd: 'abc'
});
const cover = (text: string, isGrowing = false): string =>
  coverSecrets(Buffer.from(text), FORMS, isGrowing).toString('utf8');

describe('a log of a cluster', () => {
  it('has stars where a secret was, as it is and as JSON, and keeps its length', () => {
    const log =
      'got hunter2-"canary" {"p": "hunter2-\\"canary\\"", "k": "key-of-anna"} harmless text anna abc';
    const covered = cover(log);
    assert.equal(covered.length, log.length);
    assert.ok(!/hunter2|key-of/.test(covered), covered);
    assert.ok(covered.endsWith(' harmless text anna abc'));
    assert.ok(
      !cover('to https://anna:pass-of-anna@host/x').includes('pass-of')
    );
  });

  it('waits for the rest of a secret only while it grows', () => {
    assert.equal(cover('line\nhunter2-', true), 'line\n');
    assert.equal(cover('line\nhunter2-'), 'line\nhunter2-');
    assert.equal(cover('line\n', true), 'line\n');
  });

  it('is the same buffer where nothing is secret', () => {
    const log = Buffer.from('all of it');
    assert.equal(coverSecrets(log, hiddenForms({ rows: 1 }), true), log);
  });
});
