import type { TranslationBundle } from '@jupyterlab/translation';
import type { Problem } from 'jupyterlab-kfp-model';

/**
 * A failed call of the gateway: one code, one sentence, and where known what to do about it.
 *
 * #### Notes
 * Codes are those of the workbench API. Four are made here, because the gateway was not reached: `server-missing` (the Jupyter Server
 * has no such route), `gateway-absent` (no answer at all), `server-sign-in` (the Jupyter Server wants a sign-in) and `not-gateway`
 * (something in between answered).
 */
export class GatewayError extends Error {
  constructor(problem: Problem, status: number, options?: { cause?: unknown }) {
    super(problem.message, options);
    this.name = 'GatewayError';
    this.code = problem.code;
    this.detail = problem.detail ?? '';
    this.fix = problem.fix ?? '';
    this.status = status;
  }

  /** Code of the problem, for example `auth-expired`. */
  readonly code: string;
  /** More text for the "Details" of an error; may be empty. */
  readonly detail: string;
  /** One sentence that says what to do; may be empty. */
  readonly fix: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
}

/**
 * Make the error of an answer that is not 2xx.
 *
 * @param response - the answer; its body is read here.
 * @returns the problem that the body carries, or one made from the status when the body is not ours.
 */
export async function errorOfResponse(
  response: Response,
  trans: TranslationBundle
): Promise<GatewayError> {
  const text = await response.text();
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // not JSON: an error page of a server in between, told apart by its status below
  }
  if (isProblem(body)) {
    return new GatewayError(body, response.status);
  }
  if (response.status === 404) {
    return new GatewayError(
      {
        code: 'server-missing',
        message: trans.__(
          'The server part of jupyterlab-kfp is not installed in this Jupyter Server.'
        ),
        fix: trans.__(
          'Run "%1" and restart the server.',
          'jupyter server extension enable jupyterlab_kfp'
        )
      },
      404
    );
  }
  if (response.status === 401 || response.status === 403) {
    return new GatewayError(
      {
        code: 'server-sign-in',
        message: trans.__(
          'The Jupyter Server refused the call. Sign in to it again in another tab; this page then goes on by itself.'
        ),
        detail: text.slice(0, 2000)
      },
      response.status
    );
  }
  return new GatewayError(
    {
      code:
        response.status === 502 || response.status === 503
          ? 'gateway-absent'
          : 'internal',
      message:
        messageOf(body) ??
        trans.__('The Jupyter Server answered %1.', response.status),
      detail: text.slice(0, 2000)
    },
    response.status
  );
}

/** Make the error of an answer that cannot come from the gateway, as a page of a proxy in between. */
export function errorOfNonsense(trans: TranslationBundle): GatewayError {
  return new GatewayError(
    {
      code: 'not-gateway',
      message: trans.__(
        'Something else than the gateway answered. Reload the page; the server may want you to sign in again.'
      )
    },
    200
  );
}

/** Make the error of a call that got no answer. */
export function errorOfSilence(
  reason: unknown,
  trans: TranslationBundle
): GatewayError {
  return new GatewayError(
    {
      code: 'gateway-absent',
      message: trans.__('The Jupyter Server does not answer.'),
      detail: reason instanceof Error ? reason.message : String(reason)
    },
    0,
    { cause: reason }
  );
}

/** The sentence of any thrown thing, for a place in the page. */
export function sentenceOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

// Jupyter's own handlers answer `{message, reason}`
function messageOf(value: unknown): string | null {
  return typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string' &&
    value.message
    ? value.message
    : null;
}
