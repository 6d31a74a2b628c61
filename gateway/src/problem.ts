/** Errors of the workbench API: a code, one sentence with the cause, and what to do about it. */

const STATUS: Readonly<Record<string, number>> = {
  'bad-param': 400,
  'bad-pipeline': 400,
  'bad-request': 400,
  'local-refused': 400,
  'local-needs-container': 400,
  'v1-blocked': 400,
  unsupported: 400,
  'auth-missing': 401,
  'auth-expired': 401,
  'auth-denied': 403,
  'not-found': 404,
  'conn-unknown': 404,
  conflict: 409,
  upstream: 502,
  'conn-unreachable': 502,
  'conn-not-kfp': 502,
  'local-storage': 503,
  timeout: 504
};

/** An error that a person can act on. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly statusCode: number;
  readonly detail?: string;
  readonly fix?: string;

  constructor(
    code: string,
    message: string,
    more: {
      readonly detail?: string;
      readonly fix?: string;
      readonly cause?: unknown;
    } = {}
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.statusCode = STATUS[code] ?? 500;
    if (more.detail !== undefined) {
      this.detail = more.detail;
    }
    if (more.fix !== undefined) {
      this.fix = more.fix;
    }
  }
}

/** The problem that no connection has this name. */
export function unknownConnection(name: string): ProblemError {
  return new ProblemError(
    'conn-unknown',
    `There is no connection called "${name}".`,
    { fix: '%kfp ls connections lists them.' }
  );
}
