/** When a schedule would fire, before it is made. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { NextFires } from 'jupyterlab-kfp-model';
import { Type } from 'typebox';

/** Compute the next fires; throws `ProblemError` for a trigger that is none. */
export type ForecastFires = (trigger: {
  readonly cron?: string;
  readonly interval?: number;
  readonly start?: number;
  readonly end?: number;
}) => NextFires;

const Trigger = Type.Object({
  cron: Type.Optional(Type.String({ maxLength: 200 })),
  interval_second: Type.Optional(Type.Integer({ minimum: 1 })),
  start_time: Type.Optional(Type.String({ maxLength: 40 })),
  end_time: Type.Optional(Type.String({ maxLength: 40 }))
});

export const scheduleRoutes =
  (forecast: ForecastFires): FastifyPluginAsyncTypebox =>
  async app => {
    app.post('/schedules/next', { schema: { body: Trigger } }, request => {
      const { cron, interval_second, start_time, end_time } = request.body;
      return forecast({
        ...(cron === undefined ? {} : { cron }),
        ...(interval_second === undefined ? {} : { interval: interval_second }),
        ...(start_time === undefined ? {} : { start: Date.parse(start_time) }),
        ...(end_time === undefined ? {} : { end: Date.parse(end_time) })
      });
    });
  };
