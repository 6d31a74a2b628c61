/** Requests to the KFP API of a cluster, and its errors in the workbench's words. */
import type { Candidate } from '../../connections/discovery.ts';
import { authorization } from '../../connections/discovery.ts';
import { ProblemError } from '../../problem.ts';

/** Milliseconds until a request has failed. */
const LIMIT = 30_000;

/** A client for one service; it adds credentials to every request. */
export class Rest {
  private readonly _candidate: Candidate;

  constructor(candidate: Candidate) {
    this._candidate = candidate;
  }

  /** A JSON answer. Rejects with `ProblemError`. */
  async json(
    path: string,
    options: { readonly method?: string; readonly body?: unknown } = {}
  ): Promise<unknown> {
    const answer = await this.raw(path, options);
    return answer.json();
  }

  /** An answer with a good status; anything else is a problem. */
  async raw(
    path: string,
    options: { readonly method?: string; readonly body?: unknown } = {}
  ): Promise<Response> {
    const { name, address } = this._candidate;
    let answer: Response;
    try {
      answer = await fetch(`${address}/${path}`, {
        method: options.method ?? 'GET',
        headers: {
          ...authorization(this._candidate),
          ...(options.body === undefined
            ? {}
            : { 'content-type': 'application/json' })
        },
        redirect: 'manual',
        signal: AbortSignal.timeout(LIMIT),
        ...(options.body === undefined
          ? {}
          : { body: JSON.stringify(options.body) })
      });
    } catch (cause) {
      throw cause instanceof Error && cause.name === 'TimeoutError'
        ? new ProblemError('timeout', `"${name}" did not answer within 30 s.`)
        : new ProblemError(
            'conn-unreachable',
            `"${name}" does not answer (${address}).`,
            { cause }
          );
    }
    if (!answer.ok) {
      throw problemOf(name, answer.status, await answer.text());
    }
    return answer;
  }
}

/** The cause of an error answer (kfp-api section 2.3). */
function problemOf(name: string, status: number, text: string): ProblemError {
  const message = causeOf(text) ?? `HTTP ${status}`;
  if (status === 401) {
    return new ProblemError(
      'auth-expired',
      `Your sign-in to "${name}" has expired.`,
      { detail: message }
    );
  }
  if (status === 403) {
    return new ProblemError('auth-denied', message);
  }
  if (status === 404) {
    return new ProblemError('not-found', message);
  }
  if (status === 409) {
    return new ProblemError('conflict', message);
  }
  if (status === 400) {
    return new ProblemError(
      /parameter/.test(message) ? 'bad-param' : 'bad-pipeline',
      message
    );
  }
  return new ProblemError(
    'upstream',
    `"${name}" answered ${status}: ${message}`
  );
}

function causeOf(text: string): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined; // a page of a proxy, not of KFP
  }
  if (typeof body !== 'object' || body === null) {
    return undefined;
  }
  const { details, message, error_message } = body as Record<string, unknown>;
  const [first] = Array.isArray(details) ? (details as unknown[]) : [];
  const user =
    typeof first === 'object' && first !== null
      ? (first as Record<string, unknown>)['message']
      : undefined;
  if (typeof user === 'string' && user !== 'Internal Server Error') {
    return user;
  }
  const chain = typeof message === 'string' ? message : error_message;
  return typeof chain === 'string'
    ? (chain.split('\n', 1)[0] ?? chain)
    : undefined;
}
