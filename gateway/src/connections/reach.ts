/** Whether anything listens at an address, found out quickly: a request to nowhere would wait for ten seconds and more. */
import { connect } from 'node:net';

/** Milliseconds until an address counts as silent. */
const LIMIT = 2500;
/** Milliseconds for which a success is believed. */
const TRUST = 10_000;

const reached = new Map<string, number>();

/** Connect once to the host of an address; rejects with the reason. An address that answered lately is not asked again. */
export async function reach(address: string): Promise<void> {
  const { hostname, port, protocol } = new URL(address);
  const key = `${hostname}:${port}${protocol}`;
  if (Date.now() - (reached.get(key) ?? 0) < TRUST) {
    return;
  }
  await new Promise<void>((done, fail) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80)
    });
    socket.setTimeout(LIMIT, () => {
      socket.destroy(new Error(`no answer within ${LIMIT / 1000} s`));
    });
    socket.once('connect', () => {
      socket.destroy();
      done();
    });
    socket.once('error', fail);
  });
  reached.set(key, Date.now());
}

/** Why an address could not be reached, in few words. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) {
    return String(cause);
  }
  const code =
    'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name is unknown';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no way to it';
    case '':
      return cause.message;
    default:
      return code;
  }
}
