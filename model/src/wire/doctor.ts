/** What the doctor of a connection found: `GET /api/connections/:c/doctor` (workbench section 2.5). */

export type DoctorState = 'passed' | 'failed' | 'skipped';

/** The ten checks, in their order. */
export type DoctorCheckName =
  | 'name'
  | 'connect'
  | 'tls'
  | 'healthz'
  | 'generation'
  | 'credentials'
  | 'list'
  | 'create'
  | 'side-services'
  | 'versions';

export interface DoctorCheck {
  readonly name: DoctorCheckName;
  /** Name for people. */
  readonly topic: string;
  readonly state: DoctorState;
  /** What was seen: address, status, version; or why it was skipped. One sentence, no secret in it. */
  readonly evidence: string;
  /** What to do about it; present when the check failed. */
  readonly fix?: string;
  /** Further lines: one a side service, or a text to apply. */
  readonly lines?: readonly string[];
  readonly milliseconds: number;
}

export interface DoctorReport {
  readonly connection: string;
  readonly address?: string;
  readonly namespace?: string;
  /** RFC 3339, UTC. */
  readonly checked_at: string;
  readonly checks: readonly DoctorCheck[];
}
