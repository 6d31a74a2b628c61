/** One pass over the corpus: every case is a test. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { readCases, type CorpusCase } from './cases.ts';
import { runCase } from './run-case.ts';
import { hasRequirement, startService, type CorpusService } from './service.ts';

/** Cases that take longer run on demand. */
const SLOW = 30;

/** Declare the tests of a pass. `KFP_CORPUS_SLOW=1` adds the slow cases, `KFP_CORPUS_ONLY` keeps files that contain its text. */
export function corpusPass(
  name: string,
  pass: {
    /** Settings of the gateway. */
    readonly env: NodeJS.ProcessEnv;
    readonly canMount: boolean;
    /** Cases under way at once; most of their time is the start of interpreters. */
    readonly parallel: number;
  }
): void {
  const cases = readCases();
  const only = process.env['KFP_CORPUS_ONLY'] ?? '';
  void describe(
    name,
    {
      concurrency: pass.parallel,
      skip: cases === undefined && 'the corpus is not here (../shared/corpus)'
    },
    () => {
      let service: CorpusService;
      before(async () => {
        service = await startService(pass.env);
      });
      after(() => service.close());
      // Those that install packages come last, so that the others do not wait for them.
      const order = [...(cases ?? []).entries()].sort(
        ([, a], [, b]) => installs(a) - installs(b)
      );
      for (const [index, one] of order) {
        if (!one.file.includes(only)) {
          continue;
        }
        const slow = (one.slow_seconds ?? 0) > SLOW;
        void it(`${index} ${one.file}`, async test => {
          if (slow && process.env['KFP_CORPUS_SLOW'] !== '1') {
            test.skip(`takes ${one.slow_seconds} s; KFP_CORPUS_SLOW=1 runs it`);
            return;
          }
          const needs = one.requires ?? [];
          const missing = needs.find(
            need => need !== 'mount' && !hasRequirement(need)
          );
          if (missing !== undefined) {
            test.skip(`${missing} is not here`);
            return;
          }
          const differences = await runCase(service, one, {
            hasMounts: pass.canMount && hasRequirement('mount')
          });
          assert.equal(differences.join('\n'), '');
        });
      }
    }
  );
}

function installs(one: CorpusCase): number {
  return one.requires?.includes('package-index') === true ? 1 : 0;
}
