/** The sentences that refuse a run, one for each task (pipeline-execution section 14). */
import type { TaskCheck } from '../tasks/contract.ts';
import type { RunCheck } from './contract.ts';

export type Refusal = RunCheck['refusals'][number];

/** Mounts without a container or namespace have a sentence of their own; everything else is one list. */
export function refusalsOf(
  path: string,
  check: TaskCheck,
  platform: {
    readonly mounts: readonly string[];
    readonly reasons: readonly string[];
  },
  more: readonly string[]
): readonly Refusal[] {
  const mountReasons = check.refusals.filter(reason =>
    reason.startsWith('mounts ')
  );
  const others = [
    ...check.refusals.filter(reason => !reason.startsWith('mounts ')),
    ...platform.reasons,
    ...more
  ];
  return [
    ...(mountReasons.length === 0
      ? []
      : [
          {
            code: 'local-needs-container' as const,
            text: `Task ${path} ${mountReason(mountReasons[0] ?? '', platform.mounts)}`
          }
        ]),
    ...reasonsOf(path, others)
  ];
}

/** The runner says it once for each path; for a person once for all. */
function mountReason(reason: string, mounts: readonly string[]): string {
  const cause = reason.slice(reason.indexOf(': ') + 2).replace(/\.$/, '');
  return `mounts ${mounts.join(', ')}: ${cause}.`;
}

/** One sentence for a task with everything that is in its way. */
export function reasonsOf(
  path: string,
  reasons: readonly string[]
): readonly Refusal[] {
  return reasons.length === 0
    ? []
    : [
        {
          code: 'local-refused',
          text: `Task ${path} cannot run here: ${reasons.map(reason => reason.replace(/\.$/, '')).join('; ')}.`
        }
      ];
}
