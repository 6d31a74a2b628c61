/** Which page writes the end of runs into a document that several pages have open. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { WriteAnswer, WriteClaim } from 'jupyterlab-kfp-model';

import * as schemas from './schemas.ts';

/** Milliseconds that a claim holds: the page may be gone, and what it did not save is written with the next save of another. */
const LEASE = 10 * 60_000;

/** The pages that were allowed to write. */
export class Writers {
  private readonly _claims = new Map<
    string,
    { readonly page: string; readonly until: number }
  >();

  /** Whether this page may write: the first that asks, for as long as its claim holds. */
  claim({ what, page }: WriteClaim, now: number): boolean {
    for (const [each, { until }] of this._claims) {
      if (until <= now) {
        this._claims.delete(each);
      }
    }
    const holder = this._claims.get(what)?.page ?? page;
    if (holder === page) {
      this._claims.set(what, { page, until: now + LEASE });
    }
    return holder === page;
  }
}

/** The route of it. */
export const writerRoutes = (): FastifyPluginAsyncTypebox => async app => {
  const writers = new Writers();
  app.post(
    '/writers',
    { schema: { body: schemas.Claim } },
    async (request): Promise<WriteAnswer> => ({
      granted: writers.claim(request.body, Date.now())
    })
  );
};
