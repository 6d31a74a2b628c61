/**
 * Fetch a pipeline from a URL that a client names. The request leaves this machine in the user's name, so only `https` to
 * public addresses is allowed: the address that was checked is the one that is connected to, and redirects are not followed.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { request } from 'node:https';
import { BlockList, isIPv6 } from 'node:net';
import { basename } from 'node:path';

import { internal, invalidInput } from '../store/service-error.ts';
import { MAX_PACKAGE } from './package-file.ts';

/** Milliseconds for the whole download. */
const LIMIT = 30_000;

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4]
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8]
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv6');
}

/** Tell whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  return !PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** A file that was fetched. */
export interface FetchedFile {
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** How a name becomes addresses, and whom to trust; tests bring their own. */
export interface FetchOptions {
  readonly lookup?: typeof systemLookup;
  readonly isAllowed?: (address: string) => boolean;
  readonly ca?: string;
}

class ForbiddenAddress extends Error {}

/** Download what stands at a URL. Throws the server's sentences; `words` says what is fetched. */
export async function fetchPackage(
  text: string,
  words: {
    readonly invalid: string;
    readonly failed: string;
    readonly status: (url: string, status: string) => string;
  },
  options: FetchOptions = {}
): Promise<FetchedFile> {
  const isAllowed = options.isAllowed ?? isPublicAddress;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalidInput(words.invalid);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (
    url.protocol !== 'https:' ||
    url.username !== '' ||
    (/^[\d.]+$|:/.test(host) && !isAllowed(host))
  ) {
    throw invalidInput('Pipeline URL validation failed');
  }
  try {
    const answer = await download(url, options, isAllowed);
    if (answer.status !== 200) {
      throw invalidInput(
        words.status(url.href, `${answer.status} ${answer.reason}`.trim())
      );
    }
    return { fileName: basename(url.pathname), bytes: answer.bytes };
  } catch (error) {
    if (error instanceof ForbiddenAddress) {
      throw invalidInput('Pipeline URL validation failed');
    }
    if (error instanceof Error && error.name === 'ServiceError') {
      throw error;
    }
    throw internal(
      `${words.failed} ${url.href}`,
      error instanceof Error ? error : new Error(String(error))
    );
  }
}

function download(
  url: URL,
  options: FetchOptions,
  isAllowed: (address: string) => boolean
): Promise<{ status: number; reason: string; bytes: Buffer }> {
  const resolve = options.lookup ?? systemLookup;
  return new Promise((done, fail) => {
    const outgoing = request(
      url,
      {
        // A connection of its own, so that its address was checked now.
        agent: false,
        signal: AbortSignal.timeout(LIMIT),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
        lookup: (hostname, _options, callback) => {
          resolve(hostname, { all: true }, (error, found: LookupAddress[]) => {
            if (error !== null) {
              callback(error, '', 0);
              return;
            }
            const [first] = found;
            if (
              first === undefined ||
              !found.every(({ address }) => isAllowed(address))
            ) {
              callback(
                new ForbiddenAddress('the address is not public'),
                '',
                0
              );
              return;
            }
            // Node asks for one address or for all of them; one that was checked serves both.
            if (_options.all === true) {
              callback(null, [first]);
            } else {
              callback(null, first.address, first.family);
            }
          });
        }
      },
      answer => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
          if (size > MAX_PACKAGE) {
            answer.destroy(new Error('the file is too large'));
            return;
          }
          parts.push(part);
        });
        answer.on('error', fail);
        answer.on('end', () =>
          done({
            status: answer.statusCode ?? 0,
            reason: answer.statusMessage ?? '',
            bytes: Buffer.concat(parts)
          })
        );
      }
    );
    outgoing.on('error', fail);
    outgoing.end();
  });
}
