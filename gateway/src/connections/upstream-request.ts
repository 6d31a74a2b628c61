/** One request to a service of a cluster: credentials added, failures in the workbench's words, secrets kept out of them. */
import { ProblemError } from '../problem.ts';
import { authorization, type Candidate } from './discovery.ts';
import { reach, reasonOf } from './reach.ts';

const MASK = '••••••';

/** Where services send browsers that are not signed in. */
const SIGN_IN = /\/(dex|oauth2|authservice|login|signin)\b/i;

/**
 * Send a request. Rejects with `ProblemError` when nothing answers, and when something answers that is no pipelines service.
 * The secrets of the candidate are given to `init` only here.
 */
export async function sendUpstream(
  candidate: Candidate,
  path: string,
  init: RequestInit & { readonly duplex?: 'half' }
): Promise<Response> {
  const { name, address } = candidate;
  const headers = new Headers(init.headers);
  for (const [key, value] of Object.entries(authorization(candidate))) {
    headers.set(key, value);
  }
  let answer: Response;
  try {
    await reach(address);
    answer = await fetch(`${address}/${path}`, {
      ...init,
      headers,
      redirect: 'manual'
    });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'TimeoutError') {
      throw new ProblemError('timeout', `"${name}" did not answer in time.`);
    }
    throw new ProblemError(
      'conn-unreachable',
      `"${name}" does not answer (${address}, ${reasonOf(cause)}).`,
      { fix: 'Check that the service runs and that the address is right.' }
    );
  }
  refuseStrangers(candidate, path, answer);
  return answer;
}

/** A page of HTML or a redirect where KFP answers JSON: a sign-in page, a dashboard, or something else. */
function refuseStrangers(
  candidate: Candidate,
  path: string,
  answer: Response
): void {
  if (!path.startsWith('apis/')) {
    return;
  }
  const { name, address } = candidate;
  const location = answer.headers.get('location') ?? '';
  const isPage = /^text\/html\b/i.test(
    answer.headers.get('content-type') ?? ''
  );
  const isRedirect = answer.status >= 300 && answer.status < 400;
  if (!isPage && !isRedirect) {
    return;
  }
  void answer.body?.cancel();
  if (isRedirect && SIGN_IN.test(location)) {
    throw new ProblemError(
      'auth-missing',
      `You are not signed in to "${name}".`,
      {
        fix: 'Sign in to Kubeflow, or give the gateway a token for it.'
      }
    );
  }
  throw new ProblemError(
    'conn-not-kfp',
    `Something else answered at ${address}.`,
    {
      fix: 'Check the address: it is the one of the pipelines API, without a page behind it.'
    }
  );
}

/** A text without the secrets of a candidate, for messages and logs. */
export function withoutSecrets(candidate: Candidate, text: string): string {
  let clean = text;
  for (const value of Object.values(authorization(candidate))) {
    const secret = value.replace(/^Bearer /, '');
    clean = clean.replaceAll(secret, MASK);
  }
  return clean;
}

/** A candidate as backends use it. */
export function upstreamOf(candidate: Candidate): {
  readonly name: string;
  readonly address: string;
  readonly hasCredential: boolean;
  send(path: string, init: RequestInit): Promise<Response>;
  clean(text: string): string;
} {
  return {
    name: candidate.name,
    address: candidate.address,
    hasCredential: candidate.tokenFile !== undefined,
    send: (path, init) => sendUpstream(candidate, path, init),
    clean: text => withoutSecrets(candidate, text)
  };
}
