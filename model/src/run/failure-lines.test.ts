import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lastExceptionLine, logTail, sourceLineOf } from './failure-lines.ts';

const LOG = `[KFP Executor 2026-11-24 10:00:00,000 INFO]: Looking for component
Traceback (most recent call last):
  File "/usr/lib/python3.11/runpy.py", line 198, in _run_module_as_main
    return _run_code(code, main_globals, None,
  File "/tmp/x/ephemeral_component.py", line 6, in boom
    return {}["label"]
           ~~^^^^^^^^^
KeyError: 'label'
`;
const SOURCE =
  'import kfp\nfrom kfp import dsl\n\ndef boom(x: int) -> int:\n    y = 1\n    return {}["label"]\n';

test('finds the last exception of a log', () => {
  assert.equal(lastExceptionLine(LOG), "KeyError: 'label'");
});

test('finds no exception where there is no traceback', () => {
  assert.equal(
    lastExceptionLine('ValueError: not a traceback\nfine\n'),
    undefined
  );
});

test('maps the last frame of the component to its source, counted from the def', () => {
  assert.deepEqual(sourceLineOf(LOG, SOURCE), {
    line: 3,
    text: 'return {}["label"]',
    function: 'boom'
  });
});

test('keeps the last twenty lines, without escapes and without overwritten text', () => {
  const log = `${Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n')}\n\u001b[31mred\u001b[0m\n10%\r20%\r30%\n`;
  const tail = logTail(log);
  assert.equal(tail.length, 20);
  assert.equal(tail.at(-2), 'red');
  assert.equal(tail.at(-1), '30%');
});
