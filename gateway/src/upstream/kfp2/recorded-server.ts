/** For tests: a KFP 2.17 server that gives the answers a real one gave, by method and path; queries are not compared. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Upstream } from './rest.ts';

const FOLDER = join(
  process.env['JUPYTERLAB_KFP_SHARED'] ??
    resolve(import.meta.dirname, '../../../../../shared'),
  'fixtures/kfp-2.17.0'
);

/** Why tests of recordings are skipped; false where they can run. */
export const NO_RECORDINGS =
  !existsSync(FOLDER) && 'no recordings beside the checkout';

interface Exchange {
  readonly request: { readonly method: string; readonly path: string };
  readonly response: {
    readonly status: number;
    readonly content_type: string;
    readonly body?: { readonly json?: unknown; readonly text?: string };
  };
}

/** A request that the server got. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** A server of some recorded exchanges, each a file's name and the index in it. */
export class RecordedServer implements Upstream {
  readonly name = 'prod';
  readonly address = 'http://ml-pipeline:8888';
  readonly hasCredential = true;
  readonly asked: Asked[] = [];
  readonly #exchanges: readonly Exchange[];

  constructor(
    ...exchanges: readonly (readonly [file: string, index: number])[]
  ) {
    this.#exchanges = exchanges.map(([file, index]) => {
      const text = readFileSync(join(FOLDER, `${file}.json`), 'utf8');
      const recording = JSON.parse(text) as { exchanges: readonly Exchange[] };
      const exchange = recording.exchanges[index];
      if (exchange === undefined) {
        throw new Error(`${file} has no exchange ${index}`);
      }
      return exchange;
    });
  }

  async send(path: string, init: RequestInit): Promise<Response> {
    const url = new URL(path, `${this.address}/`);
    const method = init.method ?? 'GET';
    this.asked.push({
      method,
      path: url.pathname,
      query: url.searchParams,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    });
    const found = this.#exchanges.find(
      ({ request }) =>
        request.method === method &&
        new URL(request.path, this.address).pathname === url.pathname
    );
    if (found === undefined) {
      // What a real one says of a path it does not know.
      return Response.json({ code: 5, message: 'Not Found' }, { status: 404 });
    }
    const { status, content_type, body } = found.response;
    return new Response(body?.text ?? JSON.stringify(body?.json ?? {}), {
      status,
      headers: { 'content-type': content_type }
    });
  }

  clean(text: string): string {
    return text;
  }
}
