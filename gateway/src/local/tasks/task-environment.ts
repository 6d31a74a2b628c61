/** The variables a task gets: a few of the user's, the pod's, then its own in order. */
import path from 'node:path';
import type { AttemptSpec } from './contract.ts';

const KEPT =
  /^(HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY|all_proxy|ALL_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|PIP_.*|UV_.*|CUDA_VISIBLE_DEVICES|LD_LIBRARY_PATH)$/;

/** Replaces `$(NAME)` from variables known so far; `$$(NAME)` escapes, unknown names stay (as Kubernetes does). */
export function expandVariables(
  value: string,
  known: Readonly<Record<string, string>>
): string {
  return value.replace(
    /\$\$|\$\(([^)]*)\)/g,
    (whole, name: string | undefined) =>
      name === undefined
        ? '$'
        : Object.hasOwn(known, name)
          ? (known[name] ?? whole)
          : whole
  );
}

/** What a task may see of the user's shell; nothing else. */
export function hostVariables(host: NodeJS.ProcessEnv): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    if (value !== undefined && KEPT.test(name)) {
      result[name] = value;
    }
  }
  result['PATH'] = host['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  return result;
}

/** The same with an environment's programs first on PATH. */
export function withEnvironment(
  variables: Readonly<Record<string, string>>,
  environment: string
): Record<string, string> {
  return {
    ...variables,
    PATH: `${path.join(environment, 'bin')}${path.delimiter}${variables['PATH'] ?? ''}`
  };
}

/** What the pod and the task itself set. */
export function ownVariables(spec: AttemptSpec): Record<string, string> {
  const own: Record<string, string> = {
    KFP_POD_NAME: spec.podName,
    KFP_POD_UID: spec.attemptId
  };
  if (spec.retryIndex !== undefined) {
    own['KFP_RETRY_INDEX'] = String(spec.retryIndex);
  }
  for (const { name, value } of spec.env) {
    own[name] = expandVariables(value, own);
  }
  return own;
}
