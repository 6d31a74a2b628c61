import type { RunView } from 'jupyterlab-kfp-model';

import { sampleTask, sampleView } from '../testing/sample-view';
import { reportOf } from './report';

function failed(parts: Partial<RunView> = {}): RunView {
  const view = sampleView([
    sampleTask({ id: 'train', state: 'FAILED' }),
    sampleTask({ id: 'eval', state: 'NOT_REACHED' })
  ]);
  return {
    ...view,
    run: {
      ...view.run,
      state: 'FAILED',
      finished_at: '2026-11-23T12:09:32.000Z',
      sdk: 'kfp 2.17.3',
      parameters: [
        { name: 'rows', type: 'STRING', json: '"canary"', origin: 'given' }
      ]
    },
    failure: {
      task_id: 'train',
      task: 'train',
      reason: "KeyError: 'label'",
      exit_code: 1,
      source: { line: 12, text: "y = df['label']" },
      log_tail: ['Traceback (most recent call last):', "KeyError: 'label'"]
    },
    ...parts
  };
}

describe('the report of a run', () => {
  it('says state, reason, log tail and versions, and no parameter', () => {
    expect(reportOf(failed()))
      .toBe(`**Pipeline run train-1: FAILED** after 9m 32s (0 of 2 tasks succeeded)

- run: 5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11
- pipeline: train
- connection: local (local)
- SDK: kfp 2.17.3

First failure: train (exit code 1)

\`\`\`
KeyError: 'label'
line 12: y = df['label']
Traceback (most recent call last):
KeyError: 'label'
\`\`\`
`);
  });

  it('says why a run waits', () => {
    const waiting = {
      task: 'load',
      reason: 'No node has 128 CPU free.',
      since: '2026-11-23T12:00:01.000Z'
    };
    expect(reportOf(sampleView([], { waiting }))).toContain(
      '\nWaiting: load: No node has 128 CPU free.\n'
    );
  });

  it('lets neither a name nor a log format it', () => {
    const view = failed();
    const text = reportOf({
      ...view,
      run: { ...view.run, name: '*a*\n# b\u202e <img>' },
      failure: {
        ...view.failure!,
        log_tail: ['```', '<script>', '~~~~', '````', '\tin', '\u202eturned']
      }
    });
    expect(text).toContain(
      '**Pipeline run \\*a\\* \\# b⟨U+202E⟩ \\<img\\>: FAILED**'
    );
    const [, block] = text.split('`````\n');
    expect(block).toBe(
      "KeyError: 'label'\nline 12: y = df['label']\n```\n<script>\n~~~~\n````\n    in\n⟨U+202E⟩turned\n"
    );
  });
});
