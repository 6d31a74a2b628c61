/** Resource references: how v1beta1 says to what a thing belongs and what it was made from. */
import { message } from '../answer-message.ts';
import {
  GatewayError,
  listField,
  objectField,
  stringField,
  type Decoded
} from '../protojson.ts';
import { queryText, type Query } from '../list-request.ts';
import { RESOURCE_TYPES } from './messages.ts';

export type ResourceType =
  'EXPERIMENT' | 'JOB' | 'PIPELINE' | 'PIPELINE_VERSION' | 'NAMESPACE';
export type Relationship = 'OWNER' | 'CREATOR';

/** A reference as answers carry it. */
export function reference(
  type: ResourceType,
  id: string,
  relationship: Relationship
): Record<string, unknown> {
  return { key: message({ type, id }), relationship };
}

/** Id that a body refers to with this type; '' when it does not. */
export function referredId(body: Decoded, type: ResourceType): string {
  for (const item of listField(body, 'resource_references')) {
    const key = objectField(item, 'key') ?? {};
    if (stringField(key, 'type') === type) {
      return stringField(key, 'id');
    }
  }
  return '';
}

/** The key of a list query, `resource_reference_key.type=EXPERIMENT&resource_reference_key.id=…`. */
export function queryKey(
  query: Query,
  name: string
): { readonly type: string; readonly id: string } | undefined {
  const given = queryText(query, `${name}.type`);
  const id = queryText(query, `${name}.id`);
  if (given === '' && id === '') {
    return undefined;
  }
  if (given === '' || Object.hasOwn(RESOURCE_TYPES, given)) {
    return { type: given === '' ? 'UNKNOWN_RESOURCE_TYPE' : given, id };
  }
  const byNumber = Object.entries(RESOURCE_TYPES).find(
    ([, number]) => String(number) === given
  );
  if (byNumber === undefined) {
    throw new GatewayError(`parsing field "type": ${given} is not valid`);
  }
  return { type: byNumber[0], id };
}
