/** What each route says about itself: the source of the service's OpenAPI description. */
import type { RouteShorthandOptions } from 'fastify';

import type { FieldType, MessageSpec } from './protojson.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Answers are protojson: their fields depend on zero values, so the schema lets every object through as it is. */
const ANSWER: Schema = { type: 'object', additionalProperties: true };

/** Options of a route: its operation id, and the message it takes. Bodies are checked by the decoder, with KFP's words. */
export function answers(
  operationId: string,
  body?: MessageSpec
): RouteShorthandOptions {
  return {
    schema: {
      operationId,
      ...(body === undefined ? {} : { body: messageSchema(body) }),
      response: { 200: ANSWER }
    }
  };
}

/** Path of a custom verb on a resource, `/runs/{id}:archive`. */
export function verb(base: string, word: string): string {
  return `${base}/:id([^:/]+)::${word}`;
}

function messageSchema(spec: MessageSpec): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(spec.fields).map(([name, type]) => [
        name,
        fieldSchema(type)
      ])
    )
  };
}

function fieldSchema(type: FieldType): Schema {
  if (typeof type === 'object') {
    if ('message' in type) {
      return messageSchema(type.message);
    }
    if ('enum' in type) {
      return { type: 'string', enum: Object.keys(type.enum) };
    }
    return 'list' in type
      ? { type: 'array', items: fieldSchema(type.list) }
      : { type: 'object', additionalProperties: fieldSchema(type.map) };
  }
  switch (type) {
    case 'string':
      return { type: 'string' };
    case 'bool':
      return { type: 'boolean' };
    case 'int32':
      return { type: 'integer', format: 'int32' };
    case 'int64':
      return { type: 'string', format: 'int64' };
    case 'double':
      return { type: 'number' };
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
    case 'struct':
      return { type: 'object', additionalProperties: true };
    case 'value':
      return {};
  }
}
