/** Checks 9 and 10: what else a good view of runs needs. */
import type { RunView } from 'jupyterlab-kfp-model';

import { ProblemError } from '../../problem.ts';
import {
  failed,
  passed,
  skipped,
  type Check,
  type Patient
} from './finding.ts';

const SDK_FIX = 'In the kernel: %pip install kfp';

export const readsSideServices: Check = {
  name: 'side-services',
  topic: 'Side services',
  needs: ['list'],
  async examine(patient) {
    const { source, namespace, candidate } = patient;
    const { runs } = await source.listRuns({
      page_size: 1,
      sort_by: 'created_at desc',
      ...(namespace === undefined ? {} : { namespace })
    });
    const [newest] = runs;
    if (newest === undefined) {
      return skipped(
        'There is no run yet to read details, logs and artifacts of.'
      );
    }
    const notes: string[] = [];
    let isGood = true;
    const line = async (what: string, work: () => Promise<string>) => {
      try {
        notes.push(`${what}: ${await work()}`);
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        isGood = false;
        notes.push(`${what}: not readable. ${error.message}`);
      }
    };
    let view: RunView | undefined;
    await line('Task details', async () => {
      view = await source.getRun(newest.run_id, 'tasks');
      return 'readable.';
    });
    await line('Logs', () => readLog(patient, newest.run_id, view));
    await line('Artifacts', () => readArtifact(patient, newest.run_id, view));
    if (candidate !== undefined) {
      notes.push(
        'Pod events: not read. Pending runs on this cluster may show no reason.'
      );
    }
    return isGood
      ? passed(`Seen with the newest run, ${newest.name}.`, notes)
      : failed(
          `Tried with the newest run, ${newest.name}.`,
          'What is named below will be missing in the views of runs; the rest works.',
          notes
        );
  }
};

async function readLog(
  { source }: Patient,
  runId: string,
  view: RunView | undefined
): Promise<string> {
  const task = Object.values(view?.tasks ?? {}).find(
    one => one.attempts.length > 0
  );
  if (task === undefined) {
    return 'none seen in the newest run.';
  }
  await source.log({
    runId,
    taskId: task.id,
    attempt: -1,
    stream: 'main',
    from: 0,
    limit: 1
  });
  return 'readable.';
}

async function readArtifact(
  { source }: Patient,
  runId: string,
  view: RunView | undefined
): Promise<string> {
  const ids = Object.values(view?.tasks ?? {}).flatMap(task =>
    (task.outputs ?? []).flatMap(output => output.artifact_id ?? [])
  );
  const [first] = ids;
  if (first === undefined) {
    return 'none seen in the newest run.';
  }
  const { body } = await source.artifact(runId, first);
  body.destroy();
  return 'readable.';
}

export const versionsFit: Check = {
  name: 'versions',
  topic: 'Versions fit',
  needs: ['generation'],
  async examine({ sdk, info }) {
    if (sdk === undefined) {
      return skipped('No kernel was asked for its version of kfp.');
    }
    if (sdk === '') {
      return failed('The kernel has no kfp.', SDK_FIX);
    }
    const service = info.kfp_version ?? 'of unknown version';
    if (/^[01]\./.test(sdk)) {
      return failed(
        `The kernel has kfp ${sdk}, the service is KFP ${service}.`,
        'kfp 1.8 makes Argo workflows. In the kernel: %pip install "kfp>=2.7"'
      );
    }
    return passed(`kfp ${sdk} in the kernel, KFP ${service} on the service.`);
  }
};
