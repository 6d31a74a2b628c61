/** Checks 1 to 3: from a name to a connection that can be trusted. */
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { Candidate } from '../discovery.ts';
import { reasonOf } from '../reach.ts';
import {
  failed,
  INSIDE,
  passed,
  skipped,
  type Check,
  type Finding
} from './finding.ts';

/** Milliseconds for each step: the first useful answer must come within three seconds. */
const LIMIT = 2500;

/** What OpenSSL says of an authority that this machine does not know. */
const UNKNOWN_AUTHORITY =
  /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/;

const overNetwork =
  (work: (candidate: Candidate, url: URL) => Promise<Finding>) =>
  async ({ candidate }: { readonly candidate?: Candidate }): Promise<Finding> =>
    candidate === undefined
      ? skipped(INSIDE)
      : work(candidate, new URL(candidate.address));

export const resolvesName: Check = {
  name: 'name',
  topic: 'Name resolves',
  needs: [],
  examine: overNetwork(async (_candidate, url) => {
    const host = hostOf(url);
    if (isIP(host) !== 0) {
      return skipped(`${host} is an address, no name.`);
    }
    try {
      const found = await within(lookup(host, { all: true }));
      return passed(`${host} is ${found.map(one => one.address).join(', ')}.`);
    } catch (error) {
      return failed(
        `Host name "${host}" is not known here (${reasonOf(error)}).`,
        'Inside a cluster use ml-pipeline.<namespace>.svc.cluster.local:8888.'
      );
    }
  })
};

export const connects: Check = {
  name: 'connect',
  topic: 'TCP connect',
  needs: ['name'],
  examine: overNetwork(async (candidate, url) => {
    try {
      await openSocket(hostOf(url), portOf(url));
      return passed(`${hostOf(url)}:${portOf(url)} accepts connections.`);
    } catch (error) {
      return failed(
        `Nothing answers at ${candidate.address} (${reasonOf(error)}).`,
        isLoopback(url)
          ? `Is the port-forward still running? kubectl port-forward -n kubeflow svc/ml-pipeline ${portOf(url)}:8888`
          : 'Check that the service runs, and that this network reaches it (VPN, NetworkPolicy).'
      );
    }
  })
};

export const trustsCertificate: Check = {
  name: 'tls',
  topic: 'TLS',
  needs: ['connect'],
  examine: overNetwork(async (candidate, url) => {
    if (url.protocol !== 'https:') {
      return skipped(`${candidate.address} is plain http.`);
    }
    try {
      return passed(await handshake(hostOf(url), portOf(url)));
    } catch (error) {
      const code =
        error instanceof Error && 'code' in error ? String(error.code) : '';
      if (UNKNOWN_AUTHORITY.test(code)) {
        return failed(
          'The certificate is signed by an unknown authority.',
          'Set NODE_EXTRA_CA_CERTS to the CA file, then restart the gateway: %kfp local stop.'
        );
      }
      if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
        return failed(
          `${url.host} does not speak TLS.`,
          `Try http://${url.host} as the address.`
        );
      }
      return failed(
        `The certificate of ${url.host} is not good (${reasonOf(error)}).`,
        'Use the host name that the certificate names, or ask for a new certificate.'
      );
    }
  })
};

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

function isLoopback(url: URL): boolean {
  return /^(127\.|localhost$|::1$)/.test(hostOf(url));
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, fail) => {
        timer = setTimeout(
          () => fail(new Error(`no answer within ${LIMIT / 1000} s`)),
          LIMIT
        );
      })
    ]);
  } finally {
    clearTimeout(timer);
  }
}

async function openSocket(host: string, port: number): Promise<void> {
  await new Promise<void>((done, fail) => {
    const socket = connect({ host, port });
    socket.setTimeout(LIMIT, () =>
      socket.destroy(new Error(`no answer within ${LIMIT / 1000} s`))
    );
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.destroy();
      done();
    });
  });
}

/** Agree on TLS; gives who signed and until when. Rejects with the error of the certificate. */
async function handshake(host: string, port: number): Promise<string> {
  return new Promise<string>((done, fail) => {
    const socket = connectTls({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {})
    });
    socket.setTimeout(LIMIT, () =>
      socket.destroy(new Error(`no answer within ${LIMIT / 1000} s`))
    );
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      const { issuer, valid_to } = socket.getPeerCertificate();
      socket.destroy();
      done(
        `${socket.getProtocol() ?? 'TLS'}, signed by ${String(issuer?.O ?? issuer?.CN)}, valid until ${valid_to}.`
      );
    });
  });
}
