/** The doctor of a connection: ten checks in order, a failed one skips those that depend on it (workbench 2.5). */
import type {
  DoctorCheck,
  DoctorCheckName,
  DoctorReport
} from 'jupyterlab-kfp-model';

import { ProblemError } from '../../problem.ts';
import { answersHealth, knowsGeneration } from './api-checks.ts';
import {
  failed,
  skipped,
  type Check,
  type Finding,
  type Patient
} from './finding.ts';
import { connects, resolvesName, trustsCertificate } from './network-checks.ts';
import { hasCredentials, listsRuns, mayCreate } from './rights-checks.ts';
import { readsSideServices, versionsFit } from './service-checks.ts';

const CHECKS: readonly Check[] = [
  resolvesName,
  connects,
  trustsCertificate,
  answersHealth,
  knowsGeneration,
  hasCredentials,
  listsRuns,
  mayCreate,
  readsSideServices,
  versionsFit
];

/** Examine a connection. What it finds is the answer; it rejects only for faults of ours. */
export async function examine(patient: Patient): Promise<DoctorReport> {
  const checks: DoctorCheck[] = [];
  const lost = new Map<DoctorCheckName, string>();
  for (const check of CHECKS) {
    const begin = performance.now();
    const cause = check.needs.map(name => lost.get(name)).find(Boolean);
    const found =
      cause === undefined
        ? await findingOf(check, patient)
        : skipped(`It needs "${cause}".`);
    if (cause !== undefined) {
      lost.set(check.name, cause);
    } else if (found.state === 'failed') {
      lost.set(check.name, check.topic);
    }
    checks.push({
      name: check.name,
      topic: check.topic,
      ...found,
      milliseconds: Math.round(performance.now() - begin)
    });
  }
  const { address } = patient.info;
  return {
    connection: patient.info.name,
    ...(address === undefined ? {} : { address }),
    ...(patient.namespace === undefined
      ? {}
      : { namespace: patient.namespace }),
    checked_at: new Date().toISOString(),
    checks
  };
}

/** What went wrong on the way is a finding too. */
async function findingOf(check: Check, patient: Patient): Promise<Finding> {
  try {
    return await check.examine(patient);
  } catch (error) {
    if (error instanceof ProblemError) {
      return failed(error.message, error.fix ?? 'Try again.');
    }
    throw error;
  }
}
