/** Outputs whose payload this version cannot read. */
import { buildRunBundle } from 'jupyterlab-kfp-model';

import { failed } from './samples';

/** An output with a payload of this version of the schema, of which nothing else is known. */
export function unread(schema: string): Readonly<Record<string, unknown>> {
  const bundle = buildRunBundle({
    entries: [{ view: failed }],
    now: '2026-11-23T12:00:00Z'
  });
  return { ...bundle, 'application/vnd.jupyterlab-kfp.run+json': { schema } };
}
