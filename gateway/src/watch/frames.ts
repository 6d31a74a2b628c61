/** Frames of the page, checked once at the edge: what passes has the type of the wire contract. */
import { createRequire } from 'node:module';

import type * as typeboxCompile from 'typebox/compile';
import { Type, type TSchema } from 'typebox';

import { MAX_CLIENT_FRAME, type ClientFrame } from 'jupyterlab-kfp-model';

/** A frame, or why it was refused. `sub` and `log` are kept where they could be read, so that the page knows which one. */
export type ParsedFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  | {
      readonly ok: false;
      readonly code: 'bad-frame' | 'frame-too-large';
      readonly message: string;
      readonly sub?: number;
      readonly log?: number;
    };

const require = createRequire(import.meta.url);

/** A checker that is made when the first frame of its kind comes: together they are megabytes, and few gateways need all. */
function checkerOf(schema: TSchema): () => Checker {
  let checker: Checker | undefined;
  return () => {
    if (checker === undefined) {
      const typebox = require('typebox/compile') as typeof typeboxCompile;
      checker = typebox.Compile(schema);
    }
    return checker;
  };
}

const Id = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Name = Type.String({ minLength: 1, maxLength: 256 });
const Detail = Type.Optional(
  Type.Union([
    Type.Literal('header'),
    Type.Literal('tasks'),
    Type.Literal('end')
  ])
);

const Place = {
  detail: Detail,
  visible: Type.Optional(Type.Boolean()),
  epoch: Type.Optional(Type.String({ maxLength: 128 })),
  seq: Type.Optional(Type.Integer())
};

const SUBSCRIPTIONS = {
  run: checkerOf(
    Type.Object({
      sub: Id,
      ...Place,
      ref: Type.Object({ connection: Name, run_id: Name })
    })
  ),
  runs: checkerOf(
    Type.Object({
      sub: Id,
      ...Place,
      ref: Type.Object({
        connection: Name,
        namespace: Type.Optional(Type.String({ maxLength: 256 })),
        page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
        filter: Type.Optional(Type.Record(Type.String(), Type.Unknown()))
      })
    })
  ),
  connections: checkerOf(Type.Object({ sub: Id, ...Place })),
  local: checkerOf(Type.Object({ sub: Id, ...Place }))
};

const FRAMES = {
  hello: checkerOf(
    Type.Object({
      client: Type.String({ minLength: 1, maxLength: 64 }),
      version: Type.String({ maxLength: 64 })
    })
  ),
  vis: checkerOf(
    Type.Object({ sub: Id, visible: Type.Boolean(), detail: Detail })
  ),
  page: checkerOf(Type.Object({ visible: Type.Boolean() })),
  refresh: checkerOf(Type.Object({ sub: Id })),
  unsub: checkerOf(Type.Object({ sub: Id })),
  'log.open': checkerOf(
    Type.Object({
      log: Id,
      sub: Id,
      task_id: Name,
      attempt: Type.Integer({ minimum: -1, maximum: 1_000_000 }),
      stream: Type.Union([Type.Literal('main'), Type.Literal('driver')]),
      from: Type.Integer({
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER
      })
    })
  ),
  'log.close': checkerOf(Type.Object({ log: Id })),
  pong: checkerOf(Type.Object({}))
};

/** Read a text frame of the page. `bytes` is its size on the wire. */
export function parseFrame(text: string, bytes: number): ParsedFrame {
  if (bytes > MAX_CLIENT_FRAME) {
    return {
      ok: false,
      code: 'frame-too-large',
      message: `A frame may have ${MAX_CLIENT_FRAME} bytes, this one has ${bytes}.`
    };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse({}, 'The frame is not JSON.');
  }
  if (!isObject(value)) {
    return refuse({}, 'The frame is not a JSON object.');
  }
  const { op } = value;
  if (op === 'sub') {
    const { kind } = value;
    if (!isKeyOf(SUBSCRIPTIONS, kind)) {
      return refuse(value, 'This kind of subscription is not known.');
    }
    return check(SUBSCRIPTIONS[kind](), value);
  }
  if (!isKeyOf(FRAMES, op)) {
    return refuse(value, 'This op is not known.');
  }
  return check(FRAMES[op](), value);
}

interface Checker {
  Check(value: unknown): boolean;
  Errors(
    value: unknown
  ): readonly { readonly instancePath: string; readonly message: string }[];
}

function check(
  checker: Checker,
  value: Readonly<Record<string, unknown>>
): ParsedFrame {
  if (checker.Check(value)) {
    // The schemas above mirror the frames of the contract, op by op.
    return { ok: true, frame: value as unknown as ClientFrame };
  }
  const [first] = checker.Errors(value);
  return refuse(
    value,
    first === undefined
      ? 'The frame has a wrong shape.'
      : `${first.instancePath === '' ? 'The frame' : first.instancePath} ${first.message}.`
  );
}

function refuse(
  value: Readonly<Record<string, unknown>>,
  message: string
): ParsedFrame {
  const { sub, log } = value;
  return {
    ok: false,
    code: 'bad-frame',
    message,
    ...(typeof sub === 'number' ? { sub } : {}),
    ...(typeof log === 'number' ? { log } : {})
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKeyOf<T extends object>(
  table: T,
  key: unknown
): key is keyof T & string {
  return typeof key === 'string' && Object.hasOwn(table, key);
}
