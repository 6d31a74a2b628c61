/**
 * Replays the recorded exchanges of a real API server, by the rules of the recordings' README: ids are mapped at first sight,
 * values of times and page tokens are ignored, everything else is equal or a deviation that is named here with its reason.
 */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import fastify, { type FastifyInstance } from 'fastify';
import { parse } from 'yaml';

import type { EngineRunState } from '../engine/contract.ts';
import { createLocalService, type LocalService } from '../service.ts';
import { ScriptedEngine } from './scripted-engine.ts';

interface Content {
  readonly json?: unknown;
  readonly text?: string;
  readonly base64?: string;
}
interface Part extends Content {
  readonly name: string;
  readonly filename?: string;
}
interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly body?: Content;
    readonly multipart?: readonly Part[];
  };
  readonly response: {
    readonly status: number;
    readonly content_type: string;
    readonly body?: Content;
  };
}

const FOLDER = join(
  process.env['JUPYTERLAB_KFP_SHARED'] ??
    join(
      dirname(new URL(import.meta.url).pathname),
      '../../../../..',
      'shared'
    ),
  'fixtures/kfp-2.17.0'
);

/**
 * What differs on purpose: the exchange (file, index, method, path), the differences there, the reason. A deviation that does
 * not occur any more fails the test too.
 */
const DEVIATIONS: readonly {
  readonly exchange: RegExp;
  readonly lines: RegExp;
  readonly reason: string;
}[] = [
  {
    exchange: /^\d\d \d+ \w+ \/apis\/v\dbeta1\/healthz/,
    lines: /^\.(tag_name|commit_sha):/,
    reason: '5.6: own tag_name and commit'
  },
  {
    exchange: /^01 6 GET \/apis\/v2beta1\/artifacts/,
    lines: /./,
    reason: 'D5: 3.0 read route for artifacts'
  },
  {
    exchange: /^13 1 GET .*\/log/,
    lines: /./,
    reason: 'D3: 404 for an unknown node'
  },
  {
    exchange: /^13 [56] POST .*\/(scheduled)?workflows/,
    lines: /./,
    reason: 'section 4: 403, routes of the persistence agent'
  },
  {
    exchange: /^14 0 GET .*\/runs\//,
    lines: /^\.pipeline_runtime\./,
    reason: 'section 10: there is no Argo workflow behind a local run'
  },
  {
    exchange: /^14 1 GET .*\/runs\?/,
    lines: /^\.total_size: 8 → 9/,
    reason: 'a run that was deleted in a recording that is not here (11)'
  },
  {
    exchange: /^42 (0|2|18) POST .*\/runs /,
    lines: /^status 200 → 400 .*cannot run it|^\./,
    reason: 'issue 4: Argo workflows are stored and shown, not run'
  },
  {
    exchange: /^42 (4|5|7|8|9|10|11|12|13|14|15|16) /,
    lines: /./,
    reason: 'issue 4: runs that were refused do not exist'
  }
];

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MANIFEST = /\.(pipeline_manifest|workflow_manifest|template)$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe(
  'recorded exchanges',
  { skip: !existsSync(FOLDER) && 'no recordings beside the checkout' },
  () => {
    const ids = new Map<string, string>();
    const tokens = new Map<string, string>();
    const engine = new ScriptedEngine();
    let folder: string;
    let service: LocalService;
    let app: FastifyInstance;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kfp-replay-'));
      service = await createLocalService({
        dataDir: join(folder, 'data'),
        configDir: join(folder, 'config'),
        version: '0',
        createEngine: () => engine
      });
      app = fastify();
      await app.register(service.plugin, { prefix: '/c/local' });
    });
    after(async () => {
      await app.close();
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('are answered as recorded', async context => {
      const count = { status: [0, 0], text: [0, 0], shape: [0, 0] };
      const unexplained: string[] = [];
      const met = new Map<(typeof DEVIATIONS)[number], string>();
      const files = readdirSync(FOLDER)
        .filter(file => /^(0|1|2|4)/.test(file))
        .sort();
      for (const file of files) {
        const { exchanges } = JSON.parse(
          readFileSync(join(FOLDER, file), 'utf8')
        ) as { exchanges: readonly Exchange[] };
        for (const [index, exchange] of exchanges.entries()) {
          const label = `${file.slice(0, 2)} ${index} ${exchange.request.method} ${exchange.request.path.slice(0, 120)} `;
          const all = await compare(exchange);
          const known = DEVIATIONS.filter(({ exchange }) =>
            exchange.test(label)
          );
          const found = all.filter(
            line =>
              !known.some(deviation => {
                const fits = deviation.lines.test(line);
                if (fits) {
                  met.set(deviation, label);
                }
                return fits;
              })
          );
          const kind =
            exchange.response.status >= 400 ? count.text : count.shape;
          count.status[1]!++;
          kind[1]!++;
          if (!found.some(line => line.startsWith('status'))) {
            count.status[0]!++;
          }
          if (found.length === 0) {
            kind[0]!++;
          } else {
            unexplained.push(
              `${label}\n    ${found.slice(0, 4).join('\n    ')}`
            );
          }
        }
      }
      const line = Object.entries(count)
        .map(([name, [good, all]]) => `${name} ${good} of ${all}`)
        .join(', ');
      context.diagnostic(`replay: ${line}`);
      for (const { reason } of met.keys()) {
        context.diagnostic(`deviation: ${reason}`);
      }
      assert.deepEqual(unexplained, [], unexplained.join('\n'));
      assert.deepEqual(
        DEVIATIONS.filter(deviation => !met.has(deviation)).map(
          ({ reason }) => reason
        ),
        [],
        'deviations that do not occur'
      );
    });

    async function compare(exchange: Exchange): Promise<string[]> {
      const recorded = exchange.response.body;
      followLife(exchange);
      const { request } = exchange;
      const form = request.multipart;
      const payload =
        form !== undefined
          ? multipartBody(form)
          : request.body === undefined
            ? undefined
            : mapped(request.body.text ?? JSON.stringify(request.body.json));
      const answer = await app.inject({
        method: request.method as 'GET',
        url: `/c/local${mapped(request.path)}`,
        headers:
          form !== undefined
            ? { 'content-type': 'multipart/form-data; boundary=xYzZy' }
            : { 'content-type': 'application/json' },
        ...(payload === undefined ? {} : { payload })
      });
      const lines: string[] = [];
      if (answer.statusCode !== exchange.response.status) {
        lines.push(
          `status ${exchange.response.status} → ${answer.statusCode} ${answer.body.slice(0, 300)}`
        );
      }
      if (recorded?.json !== undefined) {
        let got: unknown;
        try {
          got = JSON.parse(answer.body);
        } catch {
          got = answer.body;
        }
        differences(sorted(recorded.json), sorted(got), '', lines);
      } else if (
        recorded?.text !== undefined &&
        recorded.text !== answer.body
      ) {
        lines.push(`text ${recorded.text} → ${answer.body}`);
      }
      return lines;
    }

    /** Bring the run of a recorded answer to the state that was recorded. */
    function followLife(exchange: Exchange): void {
      const body = exchange.response.body?.json;
      if (exchange.request.method !== 'GET' || typeof body !== 'object') {
        return;
      }
      const record = body as { runs?: readonly unknown[] };
      for (const item of record.runs ?? [record]) {
        const run = item as { run_id?: string; state?: EngineRunState };
        const id = run.run_id === undefined ? undefined : ids.get(run.run_id);
        if (id === undefined || run.state === undefined) {
          continue;
        }
        const final = run.state === 'SUCCEEDED' || run.state === 'FAILED';
        if (final && service.store.runs.find(id)?.state === 'PENDING') {
          engine.report(id, 'RUNNING');
        }
        if (final || run.state === 'RUNNING') {
          engine.report(id, run.state);
        }
      }
    }

    function mapped(text: string): string {
      const path = text.replace(UUID, id => ids.get(id) ?? id);
      return path.replace(
        /(page_token=)([^&]+)/,
        (_, key: string, token: string) => {
          const known = tokens.get(decodeURIComponent(token));
          return (
            key + (known === undefined ? token : encodeURIComponent(known))
          );
        }
      );
    }

    function differences(
      want: unknown,
      got: unknown,
      path: string,
      lines: string[]
    ): void {
      if (typeof want === 'string' && typeof got === 'string') {
        if (path.endsWith('next_page_token')) {
          tokens.set(want, got);
          return;
        }
        if (TIME.test(want)) {
          if (!TIME.test(got)) {
            lines.push(`${path}: no time: ${got}`);
          }
          return;
        }
        learnIds(want, got);
        if (MANIFEST.test(path)) {
          // Compiled pipelines as text: Go and we lay them out differently, what they say is compared.
          differences(parse(want), parse(got), `${path}()`, lines);
          return;
        }
        const plain = (text: string) =>
          text
            .replace(/\(line 1:\d+\)/g, '(line)')
            .replace(UUID, id => ids.get(id) ?? id);
        if (plain(want) !== plain(got)) {
          lines.push(`${path}: ${want} → ${got}`);
        }
        return;
      }
      if (Array.isArray(want) && Array.isArray(got)) {
        if (want.length !== got.length) {
          lines.push(`${path}: ${want.length} items → ${got.length}`);
        }
        // A page may hold other rows of the same second: the order within it is the server's own.
        const paged =
          /^\.\w*(runs|Runs|jobs|pipelines|versions|experiments)$/.test(path);
        want.forEach((item, at) => {
          const twin = paged ? twinOf(item, got) : got[at];
          if (twin !== undefined) {
            differences(item, twin, `${path}[${at}]`, lines);
          } else if (!paged) {
            lines.push(`${path}[${at}]: missing`);
          }
        });
        return;
      }
      if (isObject(want) && isObject(got)) {
        if (
          path.endsWith('default_version') &&
          ids.get(String(want['id'])) !== got['id'] &&
          ids.has(String(want['id']))
        ) {
          return; // which of the versions of one second is the latest is the server's own
        }
        for (const key of new Set([
          ...Object.keys(want),
          ...Object.keys(got)
        ])) {
          if (['run_details', '@type'].includes(key)) {
            continue;
          }
          const [a, b] = [want[key], got[key]];
          if (a === undefined || b === undefined) {
            lines.push(
              `${path}.${key}: ${a === undefined ? 'added' : 'missing'} ${JSON.stringify(a ?? b)?.slice(0, 150)}`
            );
          } else {
            differences(a, b, `${path}.${key}`, lines);
          }
        }
        return;
      }
      if (want !== got) {
        lines.push(`${path}: ${JSON.stringify(want)} → ${JSON.stringify(got)}`);
      }
    }

    /** The row with the same identity, or for a row never seen before the one with its name. */
    function twinOf(item: unknown, got: readonly unknown[]): unknown {
      const key = [
        'run_id',
        'recurring_run_id',
        'experiment_id',
        'pipeline_version_id',
        'pipeline_id',
        'id'
      ].find(name => isObject(item) && Object.hasOwn(item, name));
      const known =
        isObject(item) && key !== undefined
          ? ids.get(String(item[key]))
          : undefined;
      return got.find(other =>
        known === undefined || key === undefined
          ? nameOf(other) === nameOf(item)
          : isObject(other) && other[key] === known
      );
    }

    function learnIds(want: string, got: string): void {
      const [a, b] = [want.match(UUID) ?? [], got.match(UUID) ?? []];
      a.forEach((id, at) => {
        const own = b[at];
        if (own !== undefined && !ids.has(id) && a.length === b.length) {
          ids.set(id, own);
        }
      });
    }

    /** Rows of one second may come in another order: bring both lists into the order of their names. */
    function sorted(value: unknown): unknown {
      if (!isObject(value)) {
        return value;
      }
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          Array.isArray(item) && key !== 'details'
            ? [...item].sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
            : item
        ])
      );
    }
  }
);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(item: unknown): string {
  return isObject(item) ? String(item['display_name'] ?? item['name']) : '';
}

function multipartBody(parts: readonly Part[]): Buffer {
  const pieces: Buffer[] = [];
  for (const part of parts) {
    pieces.push(
      Buffer.from(
        `--xYzZy\r\nContent-Disposition: form-data; name="${part.name}"; filename="${part.filename ?? ''}"\r\nContent-Type: application/octet-stream\r\n\r\n`
      ),
      part.base64 !== undefined
        ? Buffer.from(part.base64, 'base64')
        : Buffer.from(
            part.text ??
              (part.json === undefined ? '' : JSON.stringify(part.json))
          ),
      Buffer.from('\r\n')
    );
  }
  return Buffer.concat([...pieces, Buffer.from('--xYzZy--\r\n')]);
}
