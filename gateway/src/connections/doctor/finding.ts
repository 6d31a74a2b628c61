/** What the checks of the doctor work with, and what each gives. */
import type {
  ConnectionInfo,
  DoctorCheck,
  DoctorCheckName
} from 'jupyterlab-kfp-model';

import type { RunSource } from '../../upstream/source.ts';
import type { Candidate } from '../discovery.ts';
import type { AskRight } from './kubernetes.ts';

/** The connection that is examined. */
export interface Patient {
  readonly info: ConnectionInfo;
  readonly source: RunSource;
  /** Absent for the local service, which is a part of this process. */
  readonly candidate?: Candidate;
  readonly namespace?: string;
  /** Version of `kfp` where the question comes from; empty = there is none; absent = nobody said. */
  readonly sdk?: string;
  /** Whether this machine is a pod of a cluster. */
  readonly isPod: boolean;
  /** Asks Kubernetes what this pod's account may do; absent outside of a pod. */
  readonly askRight?: AskRight;
}

/** Outcome of one check. */
export type Finding = Pick<DoctorCheck, 'state' | 'evidence' | 'fix' | 'lines'>;

/** One check. It never rejects for what it examines. */
export interface Check {
  readonly name: DoctorCheckName;
  readonly topic: string;
  /** A failure of these skips this one. */
  readonly needs: readonly DoctorCheckName[];
  examine(patient: Patient): Promise<Finding>;
}

export const passed = (
  evidence: string,
  lines?: readonly string[]
): Finding => ({
  state: 'passed',
  evidence,
  ...(lines === undefined ? {} : { lines })
});

export const failed = (
  evidence: string,
  fix: string,
  lines?: readonly string[]
): Finding => ({
  state: 'failed',
  evidence,
  fix,
  ...(lines === undefined ? {} : { lines })
});

export const skipped = (evidence: string): Finding => ({
  state: 'skipped',
  evidence
});

/** What checks of the network say of the local service. */
export const INSIDE = 'The local service is a part of the gateway.';
