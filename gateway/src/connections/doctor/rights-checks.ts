/** Checks 6 to 8: who we are there, and what we may do. */
import { readFileSync } from 'node:fs';

import { ProblemError } from '../../problem.ts';
import type { Candidate } from '../discovery.ts';
import { ask, type Reply } from './api-checks.ts';
import {
  failed,
  INSIDE,
  passed,
  skipped,
  type Check,
  type Finding,
  type Patient
} from './finding.ts';

const AUDIENCE = 'pipelines.kubeflow.org';

export const hasCredentials: Check = {
  name: 'credentials',
  topic: 'Credentials',
  needs: ['healthz'],
  async examine(patient) {
    const { candidate } = patient;
    if (candidate === undefined) {
      return skipped(INSIDE);
    }
    if (candidate.tokenFile !== undefined) {
      return ofToken(candidate.tokenFile);
    }
    const reply = await list(patient, candidate);
    if (reply.status < 300) {
      return passed('None, and the service asks for none.');
    }
    return patient.isPod
      ? failed(
          'No pipelines token in this pod.',
          'Apply this PodDefault, tick "Allow access to Kubeflow Pipelines", and restart the notebook.',
          podDefault(patient.namespace ?? '<your namespace>')
        )
      : failed(
          `No credentials, and the service answered ${reply.status}.`,
          'Set KF_PIPELINES_SA_TOKEN_PATH to a file with a token, then restart the gateway: %kfp local stop.'
        );
  }
};

/** Age and audience of a token, where it is one that says so. The token itself is shown nowhere. */
function ofToken(file: string): Finding {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch {
    return failed(
      `${file} cannot be read.`,
      'Restart the notebook, so that the token is mounted again.'
    );
  }
  if (token === '') {
    return failed(`${file} is empty.`, 'Write a token into it.');
  }
  const claims = claimsOf(token);
  if (claims === undefined) {
    return passed(`Token of ${file}; it does not tell its age.`);
  }
  const { exp, aud } = claims;
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter(
    (one): one is string => typeof one === 'string'
  );
  if (typeof exp === 'number' && exp * 1000 < Date.now()) {
    return failed(
      `The token of ${file} has expired at ${new Date(exp * 1000).toISOString()}.`,
      'Get a new token; in a pod, restart the notebook.'
    );
  }
  if (audiences.length > 0 && !audiences.includes(AUDIENCE)) {
    return failed(
      `This token is for ${audiences.join(', ')}; Pipelines wants ${AUDIENCE}.`,
      `Ask for a token with the audience ${AUDIENCE}.`
    );
  }
  const until =
    typeof exp === 'number'
      ? `, good until ${new Date(exp * 1000).toISOString()}`
      : '';
  return passed(`Token of ${file}${until}.`);
}

function claimsOf(
  token: string
): { readonly exp?: unknown; readonly aud?: unknown } | undefined {
  const [, middle] = token.split('.');
  try {
    const read: unknown = JSON.parse(
      Buffer.from(middle ?? '', 'base64url').toString('utf8')
    );
    return typeof read === 'object' && read !== null ? read : undefined;
  } catch {
    return undefined; // an opaque token
  }
}

export const listsRuns: Check = {
  name: 'list',
  topic: 'Lists runs',
  needs: ['healthz'],
  async examine(patient) {
    const { candidate, source, namespace } = patient;
    const where = namespace === undefined ? '' : ` in ${namespace}`;
    if (candidate === undefined) {
      const { total_size } = await source.listRuns({ page_size: 1 });
      return passed(`${total_size ?? 0} runs.`);
    }
    const reply = await list(patient, candidate);
    if (reply.status < 300) {
      return passed(`${String(reply.body?.['total_size'] ?? 0)} runs${where}.`);
    }
    const evidence = `The service answered ${reply.status}${where}: ${saidBy(reply)}`;
    return failed(evidence, remedy(reply, namespace));
  }
};

async function list(
  { namespace }: Patient,
  candidate: Candidate
): Promise<Reply> {
  const query = new URLSearchParams({
    page_size: '1',
    ...(namespace === undefined ? {} : { namespace })
  });
  try {
    return await ask(candidate, `apis/v2beta1/runs?${query.toString()}`);
  } catch (error) {
    if (error instanceof ProblemError) {
      return { status: error.statusCode, text: error.message };
    }
    throw error;
  }
}

function saidBy({ body, text }: Reply): string {
  const { message, error_message, details } = body ?? {};
  const [first] = Array.isArray(details) ? (details as unknown[]) : [];
  const said = [
    (first as { message?: unknown } | undefined)?.message,
    message,
    error_message,
    text
  ].find((one): one is string => typeof one === 'string' && one !== '');
  return said ?? 'nothing';
}

/** Texts of known causes (workbench 2.5); each stands for what the person can change. */
function remedy({ status, body, text }: Reply, namespace?: string): string {
  const all = `${text} ${JSON.stringify(body ?? '')}`;
  if (/RBAC: access denied/.test(all)) {
    return `The token is valid, but this account may not use namespace ${namespace ?? '(none given)'}: choose yours with --ns, or ask its owner.`;
  }
  if (/Jwt issuer is not configured/.test(all)) {
    return "The gateway in front of KFP does not know your token's issuer: use the in-cluster address, or ask the administrator to add it.";
  }
  if (/no user identity header|User identity is empty/.test(all)) {
    return 'The service is in multi-user mode and saw no user: use the in-cluster address with a token, or a cookie.';
  }
  if (/empty namespace|namespace is empty|can not be empty/i.test(all)) {
    return 'The service needs a namespace: %kfp connect NAME --ns NAMESPACE.';
  }
  if (status === 401) {
    return `The token is expired or made for another audience; Pipelines wants ${AUDIENCE}.`;
  }
  if (status === 403) {
    return `This account may not list runs${namespace === undefined ? '' : ` in ${namespace}`}: choose another namespace, or ask its owner.`;
  }
  return 'Try again; if it stays, look at the log of ml-pipeline.';
}

export const mayCreate: Check = {
  name: 'create',
  topic: 'May create runs',
  needs: ['list'],
  async examine({ candidate, info, namespace, askRight }) {
    if (candidate === undefined) {
      return passed('The local service is yours.');
    }
    if (info.multi_user !== true) {
      return passed('The service has one user: who may list may also run.');
    }
    // Nothing is ever created to find out; Kubernetes is the one to ask, as KFP itself does.
    if (askRight === undefined || candidate.tokenFile === undefined) {
      return skipped('Only Kubernetes can tell, and only a pod of it can ask.');
    }
    if (namespace === undefined) {
      return skipped('It depends on the namespace: %kfp doctor --ns NAME');
    }
    const { allowed, reason } = await askRight({
      namespace,
      verb: 'create',
      group: 'pipelines.kubeflow.org',
      resource: 'runs'
    });
    switch (allowed) {
      case true:
        return passed(`This account may create runs in ${namespace}.`);
      case false:
        return failed(
          `You can look but not run in ${namespace}.`,
          `Ask the owner of ${namespace} for the role "edit", or choose another namespace with --ns.`
        );
      case undefined:
        return skipped(reason);
    }
  }
};

function podDefault(namespace: string): readonly string[] {
  return `apiVersion: kubeflow.org/v1alpha1
kind: PodDefault
metadata: {name: access-ml-pipeline, namespace: ${namespace}}
spec:
  desc: Allow access to Kubeflow Pipelines
  selector: {matchLabels: {access-ml-pipeline: "true"}}
  env: [{name: KF_PIPELINES_SA_TOKEN_PATH, value: /var/run/secrets/kubeflow/pipelines/token}]
  volumeMounts: [{name: kfp-token, mountPath: /var/run/secrets/kubeflow/pipelines, readOnly: true}]
  volumes:
    - name: kfp-token
      projected:
        sources: [{serviceAccountToken: {path: token, audience: ${AUDIENCE}, expirationSeconds: 7200}}]`.split(
    '\n'
  );
}
