/** Checks 4 and 5: whether KFP is what answers, and which. */
import { ProblemError } from '../../problem.ts';
import type { Candidate } from '../discovery.ts';
import { sendUpstream, withoutSecrets } from '../upstream-request.ts';
import { failed, passed, type Check, type Finding } from './finding.ts';

const LIMIT = 5000;
/** Longest part of a foreign answer that is shown. */
const SHOWN = 200;

/** What a request to the service gave. */
export interface Reply {
  readonly status: number;
  /** Without the credential. */
  readonly text: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Ask the service; rejects with `ProblemError` when something else than KFP answers. */
export async function ask(candidate: Candidate, path: string): Promise<Reply> {
  const answer = await sendUpstream(candidate, path, {
    signal: AbortSignal.timeout(LIMIT)
  });
  const text = withoutSecrets(candidate, await answer.text());
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined; // plain text of a proxy
  }
  return {
    status: answer.status,
    text: text.trim().slice(0, SHOWN),
    ...(typeof body === 'object' && body !== null
      ? { body: body as Readonly<Record<string, unknown>> }
      : {})
  };
}

export const answersHealth: Check = {
  name: 'healthz',
  topic: 'KFP answers',
  needs: ['connect', 'tls'],
  async examine({ candidate, source }) {
    if (candidate === undefined) {
      await source.listRuns({ page_size: 1 });
      return passed('The local service answers.');
    }
    try {
      for (const generation of ['v2beta1', 'v1beta1']) {
        const path = `apis/${generation}/healthz`;
        const reply = await ask(candidate, path);
        if (reply.status === 401 || reply.status === 403) {
          return passed(
            `/${path} answered ${reply.status}: it wants a sign-in.`
          );
        }
        if (reply.status < 300 && reply.body !== undefined) {
          return passed(`/${path} answered ${reply.status} with JSON.`);
        }
        if (reply.status !== 404) {
          return failed(
            `/${path} answered ${reply.status}: ${reply.text || 'nothing'}`,
            'The service is ill: look at the pods of ml-pipeline in its namespace.'
          );
        }
      }
      return await elsewhere(candidate);
    } catch (error) {
      return ofProblem(error, candidate);
    }
  }
};

/** No API at the address: the UI of KFP has it one level deeper. */
async function elsewhere(candidate: Candidate): Promise<Finding> {
  const evidence = `No KFP API at ${candidate.address} (404).`;
  try {
    const reply = await ask(
      { ...candidate, address: `${candidate.address}/pipeline` },
      'apis/v2beta1/healthz'
    );
    if (reply.body !== undefined && reply.status < 300) {
      return failed(
        evidence,
        `It is at ${candidate.address}/pipeline: use that address.`
      );
    }
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
  }
  return failed(
    evidence,
    'Check the address: it is the one of the service ml-pipeline, port 8888, or of the UI with /pipeline.'
  );
}

function ofProblem(error: unknown, candidate: Candidate): Finding {
  if (!(error instanceof ProblemError)) {
    throw error;
  }
  if (error.code === 'auth-missing') {
    return failed(
      'A login page answered.',
      'This address needs a cookie or a token: use the in-cluster address, or set KF_PIPELINES_SA_TOKEN_PATH.'
    );
  }
  if (error.code === 'conn-not-kfp') {
    return failed(
      `A web page answered at ${candidate.address}, no API.`,
      'Is it the Kubeflow dashboard? Try the address with /pipeline. A login page needs a cookie or a token.'
    );
  }
  return failed(error.message, error.fix ?? 'Try again.');
}

export const knowsGeneration: Check = {
  name: 'generation',
  topic: 'API generation',
  needs: ['healthz'],
  async examine({ candidate, info }) {
    if (candidate === undefined) {
      return passed(`KFP ${info.kfp_version}, v2beta1, one user.`);
    }
    const newer = await ask(candidate, 'apis/v2beta1/healthz');
    if (newer.status === 401 || newer.status === 403) {
      return passed('v2beta1; the version is told after sign-in only.');
    }
    if (newer.status === 404) {
      return failed(
        'v1beta1 only: an old service.',
        'Runs of KFP 1.8 can be read there; ask for an upgrade to KFP 2 to run v2 pipelines.'
      );
    }
    const version = versionOf(newer.body);
    const users =
      newer.body?.['multi_user'] === true ? 'multi-user' : 'one user';
    return passed(`KFP ${version ?? '(unknown version)'}, v2beta1, ${users}.`);
  }
};

/** The API server names itself by one key, the server of the UI by another. */
function versionOf(body: Reply['body']): string | undefined {
  const found = body?.['tag_name'] ?? body?.['apiServerTagName'];
  return typeof found === 'string' && found !== '' ? found : undefined;
}
