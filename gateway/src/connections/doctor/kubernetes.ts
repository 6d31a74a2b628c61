/** The Kubernetes API as a pod sees it: its own account asks about its own rights. Nothing is ever made there. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

/** What Kubernetes mounts into a pod. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Milliseconds for an answer, and the most bytes of one. */
const LIMIT = 3000;
const MOST = 64 * 1024;

/** What an account may do. */
export interface Right {
  readonly namespace: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}

/** Asks Kubernetes; the answer is undefined when it does not say, with the reason as a sentence. */
export type AskRight = (
  right: Right
) => Promise<{ readonly allowed?: boolean; readonly reason: string }>;

/** Ask about rights of this pod's account; `undefined` outside of a pod. */
export function rightsOfPod(
  env: NodeJS.ProcessEnv,
  folder = ACCOUNT
): AskRight | undefined {
  const host = env['KUBERNETES_SERVICE_HOST'];
  if (!host) {
    return undefined;
  }
  const port = env['KUBERNETES_SERVICE_PORT'] || '443';
  return async right => {
    let token: string;
    let ca: string;
    try {
      token = readFileSync(join(folder, 'token'), 'utf8').trim();
      ca = readFileSync(join(folder, 'ca.crt'), 'utf8');
    } catch {
      return { reason: 'This pod has no token for Kubernetes.' };
    }
    try {
      const { status, text } = await post(
        { host, port, token, ca },
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: right }
        }
      );
      return answerOf(status, text);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return { reason: `Kubernetes did not answer (${code ?? message}).` };
    }
  };
}

function answerOf(
  status: number,
  text: string
): { readonly allowed?: boolean; readonly reason: string } {
  if (status >= 300) {
    return { reason: `Kubernetes did not say (${status}).` };
  }
  const { status: found } = JSON.parse(text) as {
    readonly status?: { readonly allowed?: unknown; readonly reason?: unknown };
  };
  return typeof found?.allowed === 'boolean'
    ? {
        allowed: found.allowed,
        reason: typeof found.reason === 'string' ? found.reason : ''
      }
    : { reason: 'Kubernetes did not say.' };
}

async function post(
  server: {
    readonly host: string;
    readonly port: string;
    readonly token: string;
    readonly ca: string;
  },
  path: string,
  body: object
): Promise<{ readonly status: number; readonly text: string }> {
  const { host, port, token, ca } = server;
  return new Promise((done, fail) => {
    const asked = request(
      {
        host,
        port,
        path,
        ca,
        method: 'POST',
        timeout: LIMIT,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`
        }
      },
      answer => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          text += piece;
          if (text.length > MOST) {
            asked.destroy(new Error('too long an answer'));
          }
        });
        answer.once('error', fail);
        answer.once('end', () =>
          done({ status: answer.statusCode ?? 500, text })
        );
      }
    );
    asked.once('timeout', () =>
      asked.destroy(new Error(`no answer within ${LIMIT / 1000} s`))
    );
    asked.once('error', fail);
    asked.end(JSON.stringify(body));
  });
}
