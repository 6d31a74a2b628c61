import type { ServerFrame } from 'jupyterlab-kfp-model';

type Fields = Readonly<Record<string, 'number' | 'string' | 'object'>>;

/** What the page reads of each frame; a frame that lacks any of it came from something that is no gateway. */
const FIELDS: Readonly<Record<ServerFrame['op'], Fields>> = {
  welcome: { version: 'string' },
  snap: { sub: 'number', epoch: 'string', seq: 'number', view: 'object' },
  patch: { sub: 'number', seq: 'number', merge: 'object' },
  link: { sub: 'number', state: 'string', since: 'string' },
  gone: { sub: 'number', reason: 'string' },
  log: { log: 'number', offset: 'number', text: 'string', next: 'number' },
  'log.end': { log: 'number', offset: 'number', reason: 'string' },
  note: { run_id: 'string', state: 'string', name: 'string' },
  err: { code: 'string', message: 'string' },
  ping: {}
};

/**
 * Read a text frame of the gateway.
 *
 * @returns null for anything that is none.
 */
export function readFrame(data: unknown): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(String(data));
  } catch {
    return null; // a proxy may answer with a page
  }
  if (!isRecord(value) || typeof value.op !== 'string') {
    return null;
  }
  const op = value.op;
  if (!Object.prototype.hasOwnProperty.call(FIELDS, op)) {
    return null;
  }
  const fields = Object.entries(FIELDS[op as ServerFrame['op']]);
  const isWhole = fields.every(
    ([name, type]) => typeof value[name] === type && value[name] !== null
  );
  return isWhole ? (value as unknown as ServerFrame) : null; // what is read of it was looked at
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
