/** The doctor of a connection. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { DoctorReport } from 'jupyterlab-kfp-model';

import { examine } from '../connections/doctor/doctor.ts';
import type { AskRight } from '../connections/doctor/kubernetes.ts';
import { unknownConnection } from '../problem.ts';
import * as schemas from './schemas.ts';
import type { Workbench } from './workbench.ts';

export const doctorRoutes =
  (
    workbench: Workbench,
    askRight: AskRight | undefined
  ): FastifyPluginAsyncTypebox =>
  async app => {
    app.get(
      '/connections/:connection/doctor',
      {
        schema: {
          params: schemas.ConnectionPath,
          querystring: schemas.DoctorQuery
        }
      },
      async (request): Promise<DoctorReport> => {
        const name = request.params.connection;
        const found = workbench.registry.get(name);
        const info = workbench.registry.info(name);
        if (found === undefined || info === undefined) {
          throw unknownConnection(name);
        }
        return examine({
          ...found,
          ...request.query,
          info,
          isPod: askRight !== undefined,
          ...(askRight === undefined ? {} : { askRight })
        });
      }
    );
  };
