/** Looks for pipelines services: all candidates at once, each with its result (workbench section 2.1). */
import { readFileSync } from 'node:fs';

import type { HealthWord } from 'jupyterlab-kfp-model';

import { reasonOf } from './reach.ts';

/** A place where a service may be. The token is a file, read anew for every request. */
export interface Candidate {
  readonly name: string;
  readonly origin: 'env' | 'in-cluster' | 'port-forward';
  /** http(s), path kept, no slash at the end. */
  readonly address: string;
  readonly tokenFile?: string;
}

/** A candidate with what it answered. */
export interface Probed {
  readonly candidate: Candidate;
  readonly health: HealthWord;
  /** One sentence. */
  readonly text: string;
  readonly version?: string;
  readonly multiUser?: boolean;
  readonly checkedAt: string;
}

/** Milliseconds until a candidate counts as silent. */
const PROBE_LIMIT = 1500;
const TOKEN_FILE = '/var/run/secrets/kubeflow/pipelines/token';

/** Name the candidates of this machine. `own` is this gateway's address, which is no cluster. */
export function candidates(
  env: NodeJS.ProcessEnv,
  own: string
): readonly Candidate[] {
  const found: Candidate[] = [];
  const tokenFile = existing(env['KF_PIPELINES_SA_TOKEN_PATH'] || TOKEN_FILE);
  const token = tokenFile === undefined ? {} : { tokenFile };
  const isNamed = Boolean(env['KF_PIPELINES_SA_TOKEN_PATH']);
  const endpoint = env['KF_PIPELINES_ENDPOINT'];
  if (endpoint) {
    const address = withScheme(endpoint).replace(/\/+$/, '');
    if (!isSameOrigin(address, own) && !isOtherGateway(address)) {
      const trusted = isInCluster(address) || (isNamed && isLoopback(address));
      found.push({
        name: 'env',
        origin: 'env',
        address,
        ...(trusted ? token : {})
      });
    }
  }
  if (env['KUBERNETES_SERVICE_HOST']) {
    const namespaces = new Set(['kubeflow', ownNamespace() ?? 'kubeflow']);
    for (const namespace of namespaces) {
      found.push({
        name:
          namespace === 'kubeflow' ? 'in-cluster' : `in-cluster-${namespace}`,
        origin: 'in-cluster',
        address: `http://ml-pipeline.${namespace}.svc.cluster.local:8888`,
        ...token
      });
    }
  }
  return found;
}

function isSameOrigin(address: string, own: string): boolean {
  return (
    URL.canParse(address) &&
    URL.canParse(own) &&
    new URL(address).origin === new URL(own).origin
  );
}

/** A service of the cluster by its name; the pod's token goes to no other host (clusters.md 2.2). */
function isInCluster(address: string): boolean {
  const host = hostOf(address);
  return (
    /\.svc(\.[a-z0-9.-]+)?$/.test(host) ||
    /^ml-pipeline(\.[a-z0-9-]+)?$/.test(host)
  );
}

/** A port-forward of this machine; it gets a token only when its file was named. */
function isLoopback(address: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostOf(address));
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : '';
}

/** Ask a candidate for its health. Never rejects: a failure is its result. */
export async function probe(candidate: Candidate): Promise<Probed> {
  const checkedAt = new Date().toISOString();
  const result = (
    health: HealthWord,
    text: string,
    more: { version?: string; multiUser?: boolean } = {}
  ): Probed => ({ candidate, health, text, checkedAt, ...more });
  try {
    const answer = await fetch(`${candidate.address}/apis/v2beta1/healthz`, {
      headers: authorization(candidate),
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_LIMIT)
    });
    if (answer.status === 401) {
      return result(
        'sign-in',
        'The service wants a token and did not accept ours.'
      );
    }
    if (answer.status === 403) {
      return result(
        'sign-in',
        'The token is valid, but this account may not use the service.'
      );
    }
    const body = (await answer.json().catch(() => undefined)) as
      | { tag_name?: unknown; apiServerTagName?: unknown; multi_user?: unknown }
      | undefined;
    const version = body?.tag_name ?? body?.apiServerTagName;
    if (answer.status >= 300 && answer.status < 400) {
      return result('sign-in', 'The service wants you to sign in first.');
    }
    if (!answer.ok || typeof version !== 'string') {
      return result(
        'unreachable',
        `Something else answered at ${candidate.address}.`
      );
    }
    return result(
      'connected',
      candidate.tokenFile === undefined
        ? 'signed in without credentials'
        : 'signed in by service-account token',
      { version, multiUser: body?.multi_user === true }
    );
  } catch (error) {
    const reason =
      error instanceof Error && error.name === 'TimeoutError'
        ? `no answer within ${PROBE_LIMIT / 1000} s`
        : reasonOf(error);
    return result(
      'unreachable',
      `${candidate.address} does not answer (${reason}).`
    );
  }
}

/** Credentials for one request. The file is read again each time: projected tokens are replaced on disk. */
export function authorization(candidate: Candidate): Record<string, string> {
  if (candidate.tokenFile === undefined) {
    return {};
  }
  try {
    const token = readFileSync(candidate.tokenFile, 'utf8').trim();
    return token === '' ? {} : { authorization: `Bearer ${token}` };
  } catch {
    return {}; // the service will say that it wants one
  }
}

function existing(file: string): string | undefined {
  try {
    readFileSync(file);
    return file;
  } catch {
    return undefined;
  }
}

function withScheme(host: string): string {
  return /^https?:\/\//.test(host) ? host : `https://${host}`;
}

/** Another of our gateways on this machine carries its token in the path. */
function isOtherGateway(address: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost):\d+\/t\/[A-Za-z0-9_-]{20,}/.test(
    address
  );
}

function ownNamespace(): string | undefined {
  try {
    return readFileSync(
      '/var/run/secrets/kubernetes.io/serviceaccount/namespace',
      'utf8'
    ).trim();
  } catch {
    return undefined;
  }
}
