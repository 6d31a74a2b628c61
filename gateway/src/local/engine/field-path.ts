/** Values of `fieldPathAsEnv`: what Kubernetes' downward API knows of a pod. */
import { hostname } from 'node:os';

import { TaskError } from './engine-error.ts';
import { isObject, text, type Fields } from './platform-fields.ts';

const KEYED = /^metadata\.(labels|annotations)\['([^']*)'\]$/;
const PLAIN = [
  'metadata.name',
  'metadata.uid',
  'metadata.namespace',
  'spec.serviceAccountName',
  'spec.nodeName',
  'status.podIP'
] as const;

/** Whether the local service has a value for a field path. */
export function isKnownFieldPath(path: string): boolean {
  return KEYED.test(path) || (PLAIN as readonly string[]).includes(path);
}

/** The value of a field path; a label that is not there is empty, as on a cluster. */
export function fieldPathValue(
  path: string,
  fields: Fields,
  pod: { readonly name: string; readonly uid: string }
): string {
  const metadata = isObject(fields['podMetadata']) ? fields['podMetadata'] : {};
  const keyed = KEYED.exec(path);
  if (keyed !== null) {
    const map = metadata[keyed[1] ?? ''];
    const key = keyed[2] ?? '';
    return isObject(map) && Object.hasOwn(map, key) ? text(map[key]) : '';
  }
  switch (path as (typeof PLAIN)[number]) {
    case 'metadata.name':
      return pod.name;
    case 'metadata.uid':
      return pod.uid;
    case 'metadata.namespace':
    case 'spec.serviceAccountName':
      return 'local';
    case 'spec.nodeName':
      return hostname();
    case 'status.podIP':
      return '127.0.0.1';
    default:
      throw new TaskError(
        `the field path ${path} is not known here`,
        'platform'
      );
  }
}
