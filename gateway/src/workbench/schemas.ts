/** Shapes of requests to the workbench API, checked at the edge. Answers are typed by the model's wire types. */
import { Type } from 'typebox';

export const ConnectionPath = Type.Object({
  connection: Type.String({ minLength: 1, maxLength: 64 })
});

export const RunPath = Type.Object({
  connection: Type.String({ minLength: 1, maxLength: 64 }),
  run: Type.String({ minLength: 1, maxLength: 64 })
});

export const TaskPath = Type.Object({
  connection: Type.String({ minLength: 1, maxLength: 64 }),
  run: Type.String({ minLength: 1, maxLength: 64 }),
  task: Type.String({ minLength: 1, maxLength: 128 })
});

export const ValuePath = Type.Object({
  ...TaskPath.properties,
  side: Type.Union([Type.Literal('inputs'), Type.Literal('outputs')]),
  name: Type.String({ minLength: 1, maxLength: 256 })
});

export const ListQuery = Type.Object({
  namespace: Type.Optional(Type.String({ maxLength: 63 })),
  experiment_id: Type.Optional(Type.String({ maxLength: 64 })),
  page_token: Type.Optional(Type.String({ maxLength: 16_384 })),
  page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  sort_by: Type.Optional(Type.String({ maxLength: 256 })),
  filter: Type.Optional(Type.String({ maxLength: 16_384 }))
});

export const DoctorQuery = Type.Object({
  namespace: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
  /** Version of `kfp` in the kernel that asks; empty where it has none. */
  sdk: Type.Optional(Type.String({ maxLength: 40 }))
});

export const LogQuery = Type.Object({
  attempt: Type.Optional(Type.Integer({ minimum: -1 })),
  stream: Type.Optional(
    Type.Union([Type.Literal('main'), Type.Literal('driver')])
  ),
  from: Type.Optional(Type.Integer()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_048_576 }))
});

export const Cell = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 64 })),
  digest: Type.String({ maxLength: 80 }),
  sources: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.Optional(Type.String({ maxLength: 64 })),
        digest: Type.String({ maxLength: 80 })
      }),
      { maxItems: 20 }
    )
  )
});

export const Submit = Type.Object({
  pipeline: Type.Union([
    Type.Object({ text: Type.String() }),
    Type.Object({ digest: Type.String({ maxLength: 80 }) }),
    Type.Object({
      pipeline_id: Type.String({ maxLength: 64 }),
      version_id: Type.Optional(Type.String({ maxLength: 64 }))
    })
  ]),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  name: Type.Optional(Type.String({ maxLength: 255 })),
  namespace: Type.Optional(Type.String({ maxLength: 63 })),
  experiment: Type.Optional(Type.String({ maxLength: 128 })),
  cache: Type.Optional(Type.Boolean()),
  cell: Type.Optional(Cell),
  sdk: Type.Optional(Type.String({ maxLength: 40 })),
  interpreter: Type.Optional(Type.String({ maxLength: 4096 })),
  force: Type.Optional(Type.Boolean()),
  idempotency_key: Type.Optional(Type.String({ maxLength: 128 }))
});

export const Action = Type.Object({
  action: Type.Union([
    Type.Literal('terminate'),
    Type.Literal('retry'),
    Type.Literal('archive'),
    Type.Literal('unarchive'),
    Type.Literal('delete'),
    Type.Literal('rerun')
  ]),
  idempotency_key: Type.Optional(Type.String({ maxLength: 128 }))
});

/** What a notebook says of a run already. */
const Handle = Type.Object({
  connection: Type.Object({
    profile: Type.String({ maxLength: 64 }),
    fingerprint: Type.String({ maxLength: 80 }),
    namespace: Type.Optional(Type.String({ maxLength: 63 })),
    flavour: Type.Union([
      Type.Literal('local'),
      Type.Literal('kfp2'),
      Type.Literal('kfp3'),
      Type.Literal('argo')
    ])
  }),
  submitted_at: Type.String({ maxLength: 40 }),
  sdk: Type.Optional(Type.String({ maxLength: 40 }))
});

export const Bundles = Type.Object({
  runs: Type.Array(
    Type.Object({
      connection: Type.String({ maxLength: 64 }),
      run_id: Type.String({ maxLength: 64 }),
      cell: Type.Optional(Cell),
      handle: Type.Optional(Handle)
    }),
    { minItems: 1, maxItems: 100 }
  )
});

/** A page wants to write into a document (`WriteClaim`). */
export const Claim = Type.Object({
  what: Type.String({ maxLength: 16_384 }),
  page: Type.String({ maxLength: 64 })
});

const Rules = Type.Array(Type.String({ maxLength: 16 }), { maxItems: 100 });

/** What the kernel knows for the checks of a compiled text (`CheckContext`). */
const CheckContext = Type.Object({
  run: Type.Optional(Type.Boolean()),
  target: Type.Optional(
    Type.Union([Type.Literal('local'), Type.Literal('cluster')])
  ),
  python: Type.Optional(Type.String({ maxLength: 16 })),
  oldestPython: Type.Optional(Type.String({ maxLength: 16 })),
  ignore: Type.Optional(Rules),
  places: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({
        line: Type.Optional(Type.Integer()),
        end_line: Type.Optional(Type.Integer()),
        column: Type.Optional(Type.Integer()),
        end_column: Type.Optional(Type.Integer()),
        definition: Type.Optional(Type.String({ maxLength: 255 })),
        where: Type.Optional(Type.String({ maxLength: 255 })),
        cell: Type.Optional(Cell),
        ignore: Type.Optional(Rules)
      })
    )
  )
});

export const Describe = Type.Object({
  text: Type.String(),
  order: Type.Optional(Type.Array(Type.String(), { maxItems: 10_000 })),
  sdk: Type.Optional(Type.String({ maxLength: 40 })),
  cell: Type.Optional(Cell),
  lint: Type.Optional(
    Type.Array(
      Type.Object({
        rule: Type.String({ maxLength: 16 }),
        severity: Type.Union([
          Type.Literal('error'),
          Type.Literal('warning'),
          Type.Literal('info')
        ]),
        message: Type.String({ maxLength: 1000 }),
        line: Type.Optional(Type.Integer()),
        end_line: Type.Optional(Type.Integer()),
        column: Type.Optional(Type.Integer()),
        end_column: Type.Optional(Type.Integer()),
        definition: Type.Optional(Type.String({ maxLength: 255 })),
        where: Type.Optional(Type.String({ maxLength: 255 })),
        cell: Type.Optional(Cell),
        fix: Type.Optional(
          Type.Object({
            title: Type.String({ maxLength: 500 }),
            edits: Type.Array(
              Type.Object({
                line: Type.Integer(),
                column: Type.Integer(),
                end_line: Type.Integer(),
                end_column: Type.Integer(),
                text: Type.String({ maxLength: 2000 })
              }),
              { maxItems: 20 }
            )
          })
        )
      }),
      { maxItems: 500 }
    )
  ),
  check: Type.Optional(CheckContext)
});
