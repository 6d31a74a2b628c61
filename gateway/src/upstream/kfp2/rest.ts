/** Requests to the KFP API of a cluster, and its errors in the workbench's words. */
import { ProblemError } from '../../problem.ts';

/** Where the current API of a service begins. */
export const API = 'apis/v2beta1';
/** Milliseconds until a request has failed. */
const LIMIT = 10_000;

/** A service as `connections` lends it: credentials are added there and never seen here. */
export interface Upstream {
  readonly name: string;
  readonly address: string;
  /** Whether there is a credential for it at all. */
  readonly hasCredential: boolean;
  /** Rejects with `ProblemError` when nothing, or something else than KFP, answers. */
  send(path: string, init: RequestInit): Promise<Response>;
  /** A text without the credential. */
  clean(text: string): string;
}

/** A client for one service. */
export class Rest {
  private readonly _upstream: Upstream;

  constructor(upstream: Upstream) {
    this._upstream = upstream;
  }

  /** A JSON answer. Rejects with `ProblemError`. */
  async json(
    path: string,
    options: { readonly method?: string; readonly body?: unknown } = {}
  ): Promise<unknown> {
    const answer = await this.raw(path, options);
    try {
      return await answer.json();
    } catch {
      throw new ProblemError(
        'conn-not-kfp',
        `Something else answered at ${this._upstream.address}.`
      );
    }
  }

  /** An answer with a good status; anything else is a problem. */
  async raw(
    path: string,
    options: { readonly method?: string; readonly body?: unknown } = {}
  ): Promise<Response> {
    const answer = await this._upstream.send(path, {
      method: options.method ?? 'GET',
      signal: AbortSignal.timeout(LIMIT),
      ...(options.body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(options.body)
          })
    });
    if (!answer.ok) {
      throw problemOf(
        this._upstream,
        answer.status,
        this._upstream.clean(await answer.text())
      );
    }
    return answer;
  }
}

/** The cause of an error answer (kfp-api section 2.3). */
function problemOf(
  upstream: Upstream,
  status: number,
  text: string
): ProblemError {
  const { name } = upstream;
  const message = causeOf(text) ?? `HTTP ${status}`;
  if (status === 401 && !upstream.hasCredential) {
    return new ProblemError(
      'auth-missing',
      `"${name}" wants a sign-in, and the gateway has none for it.`,
      {
        detail: message,
        fix: 'Set KF_PIPELINES_SA_TOKEN_PATH to a file with a token, or use the in-cluster address.'
      }
    );
  }
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
