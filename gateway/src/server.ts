/** Builds the gateway: connections, the local service, the workbench API and the socket, wired into one app. */
import { randomUUID, timingSafeEqual } from 'node:crypto';

import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';

import type { LocalServiceView } from 'jupyterlab-kfp-model';

import { candidates, probe } from './connections/discovery.ts';
import { passThrough } from './connections/pass-through.ts';
import {
  ConnectionRegistry,
  fingerprint,
  infoOf
} from './connections/registry.ts';
import { upstreamOf } from './connections/upstream-request.ts';
import type { Folders } from './folders.ts';
import { lazyValidators } from './lazy-validators.ts';
import { createEngine } from './local/engine/engine.ts';
import { SAMPLES } from './local/samples/samples.ts';
import { CronError } from './local/schedules/cron.ts';
import { upcomingFires } from './local/schedules/upcoming.ts';
import { createLocalService } from './local/service.ts';
import { LocalSource } from './local/source/local-source.ts';
import { ExecutionStore } from './local/store/execution.ts';
import { createTaskRunner, settingsOf } from './local/tasks/index.ts';
import { ProblemError } from './problem.ts';
import { Kfp2Source } from './upstream/kfp2/kfp2-source.ts';
import watchPlugin, { handleProtocols } from './watch/plugin.ts';
import { bundleRoutes } from './workbench/bundles.ts';
import { doctorRoutes } from './workbench/doctor.ts';
import { rightsOfPod } from './connections/doctor/kubernetes.ts';
import { allowEmptyBody } from './workbench/empty-body.ts';
import { listRoutes } from './workbench/lists.ts';
import { PipelineTexts } from './workbench/pipeline-texts.ts';
import { planRoutes } from './workbench/plan.ts';
import { runRoutes } from './workbench/runs.ts';
import { scheduleRoutes, type ForecastFires } from './workbench/schedules.ts';
import { createWorkbench } from './workbench/workbench.ts';
import { writerRoutes } from './workbench/writers.ts';

/** Requests carry compiled pipelines; KFP's own limit for uploads. */
const BODY_LIMIT = 32 * 1024 * 1024 + 64 * 1024;

export interface ServerOptions {
  readonly folders: Folders;
  readonly version: string;
  readonly token: string;
  readonly env: NodeJS.ProcessEnv;
  /** Address of this gateway, so that discovery does not find itself. */
  readonly own: () => string;
  /** Where the log goes; absent = no log. */
  readonly logFile?: string;
  /** Told when the data folder was deleted: the gateway can only end. */
  readonly lost?: () => void;
}

export interface Gateway {
  readonly app: FastifyInstance;
  /** Whether something goes on that must not be interrupted. */
  isBusy(): boolean;
  /** Look for clusters; called once after start and on demand. */
  search(): Promise<void>;
}

/** Make the app; it does not listen yet. Throws `StoreError` when the local service cannot open its database. */
export async function buildServer(options: ServerOptions): Promise<Gateway> {
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 512 },
    schemaController: {
      compilersFactory: { buildValidator: lazyValidators() }
    },
    rewriteUrl: request => stripToken(request.url ?? '/', options.token),
    logger:
      options.logFile === undefined
        ? false
        : {
            level: 'warn',
            file: options.logFile,
            redact: ['req.headers.authorization', 'req.headers.cookie'],
            serializers: {
              // Paths carry the capability token.
              req: request => ({ method: request.method })
            }
          }
  });
  const startedAt = new Date().toISOString();
  const settings = settingsOf(options.env);
  const zone = options.env['CRON_SCHEDULE_TIMEZONE'] || DEFAULT_ZONE;
  // The Python that started the gateway, for runs that name none (the browser knows no interpreter).
  const interpreter = options.env['JUPYTERLAB_KFP_PYTHON'];
  const runner = createTaskRunner({
    dataDir: options.folders.data,
    settings: settings.tasks,
    ...(interpreter === undefined ? {} : { interpreter }),
    clock: Date.now
  });
  const service = await createLocalService({
    dataDir: options.folders.data,
    configDir: options.folders.config,
    version: options.version,
    samples: SAMPLES,
    cronZone: zone,
    notice: sentence => app.log.warn(sentence),
    ...(options.lost === undefined ? {} : { lost: options.lost }),
    createEngine: ({ store, dataDir, configDir, now, loadRun }) =>
      createEngine({
        store: new ExecutionStore(store.database),
        runner,
        ...(settings.maxTasks === undefined
          ? {}
          : { maxTasks: settings.maxTasks }),
        dataDir,
        configDir,
        now,
        random: Math.random,
        newId: randomUUID,
        loadRun,
        onFault: (runId, error) =>
          app.log.error({ runId, err: error }, 'a run could not go on')
      })
  });
  const registry = new ConnectionRegistry();
  const texts = new PipelineTexts(options.folders.data);
  const ref = {
    profile: 'local',
    fingerprint: fingerprint(options.folders.data),
    flavour: 'local' as const
  };
  registry.set({
    info: {
      ref,
      name: 'local',
      health: 'connected',
      health_text: 'the local service',
      origin: 'local',
      kfp_version: '2.17.0',
      multi_user: false,
      is_default: false
    },
    source: new LocalSource({
      service,
      ref,
      texts: digest => texts.need(digest)
    })
  });

  const search = async (): Promise<void> => {
    const probed = await Promise.all(
      candidates(options.env, options.own()).map(probe)
    );
    for (const result of probed) {
      const info = infoOf(result);
      registry.set({
        info,
        candidate: result.candidate,
        source: new Kfp2Source({
          ref: info.ref,
          upstream: upstreamOf(result.candidate),
          texts: digest => texts.need(digest),
          nextFire: nextFireElsewhere
        })
      });
    }
  };
  const status = () => ({
    version: options.version,
    pid: process.pid,
    node: process.version,
    started_at: startedAt,
    active_runs: service.engine.activeRuns(),
    data_dir: options.folders.data,
    default_connection: registry.defaultName,
    notices: service.notices()
  });
  const localView = async (): Promise<LocalServiceView> => ({
    state: 'running',
    active_runs: service.engine.activeRuns(),
    data_dir: options.folders.data
  });
  const workbench = createWorkbench({ registry, texts, search, status });

  guard(app, options.token);
  app.setErrorHandler((error, request, reply) => {
    answerProblem(error, request, reply);
  });
  app.addHook('onClose', async () => {
    await registry.close();
    await service.close();
  });
  await app.register(websocket, {
    options: {
      maxPayload: 64 * 1024,
      handleProtocols
    }
  });
  await app.register(service.plugin, { prefix: '/c/local' });
  await app.register(passThrough(registry), { prefix: '/c' });
  await app.register(
    async api => {
      allowEmptyBody(api);
      await api.register(listRoutes(workbench));
      await api.register(doctorRoutes(workbench, rightsOfPod(options.env)));
      await api.register(runRoutes(workbench));
      await api.register(planRoutes(workbench));
      await api.register(bundleRoutes(workbench, () => runner.machine()));
      await api.register(writerRoutes());
      await api.register(scheduleRoutes(forecastFires(zone)));
      await api.register(watchPlugin, {
        version: options.version,
        sources: {
          source: name => registry.get(name)?.source,
          connections: () => registry.list(),
          onConnections: listener => registry.onChange(listener),
          local: localView,
          onLocal: listener => service.engine.onChange(() => listener())
        }
      });
    },
    { prefix: '/api' }
  );
  return {
    app,
    search,
    isBusy: () =>
      service.engine.activeRuns() > 0 ||
      service.store.recurringRuns.enabled().length > 0
  };
}

/** Services read cron expressions in UTC unless their administrator says otherwise. */
const DEFAULT_ZONE = 'UTC';

const forecastFires =
  (zone: string): ForecastFires =>
  trigger => {
    try {
      return {
        zone,
        times: upcomingFires(trigger, Date.now(), zone, 3).map(at =>
          new Date(at).toISOString()
        )
      };
    } catch (error) {
      if (error instanceof CronError) {
        throw new ProblemError(
          'bad-param',
          `This is no schedule: ${error.message}.`,
          { fix: 'Write six fields: second minute hour day month weekday.' }
        );
      }
      throw error;
    }
  };

/** The next run of a schedule of a cluster, whose zone is not known: the usual one. */
function nextFireElsewhere(
  trigger: Parameters<typeof upcomingFires>[0]
): number | undefined {
  try {
    return upcomingFires(trigger, Date.now(), DEFAULT_ZONE, 1)[0];
  } catch (error) {
    if (error instanceof CronError) {
      return undefined; // that service reads what we do not
    }
    throw error;
  }
}

/** The token may stand in the path, so that the host of `kfp.Client` can carry it; routes do not see it. */
function stripToken(url: string, token: string): string {
  const prefix = `/t/${token}/`;
  return url.startsWith(prefix) ? url.slice(prefix.length - 1) : url;
}

/** Only who knows the token, only over loopback names. */
function guard(app: FastifyInstance, token: string): void {
  const expected = Buffer.from(`Bearer ${token}`);
  app.addHook('onRequest', async (request, reply) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (host !== '127.0.0.1' && host !== 'localhost' && host !== '[::1]') {
      return reply.code(403).send({
        code: 'auth-denied',
        message: 'This host name is not served.'
      });
    }
    const given = Buffer.from(request.headers.authorization ?? '');
    const isBearer =
      given.length === expected.length && timingSafeEqual(given, expected);
    if (!isBearer && !request.originalUrl.startsWith(`/t/${token}/`)) {
      return reply.code(401).send({
        code: 'auth-missing',
        message: 'The gateway needs its token.'
      });
    }
    return undefined;
  });
}

function answerProblem(
  error: unknown,
  request: { readonly log: FastifyInstance['log'] },
  reply: FastifyReply
): void {
  // A route may have announced something else before it failed.
  reply.type('application/json; charset=utf-8');
  if (error instanceof ProblemError) {
    reply.code(error.statusCode).send({
      code: error.code,
      message: error.message,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      ...(error.fix === undefined ? {} : { fix: error.fix })
    });
    return;
  }
  const status =
    error instanceof Error && 'statusCode' in error
      ? Number(error.statusCode)
      : 500;
  if (status < 500 && error instanceof Error) {
    reply.code(status).send({ code: 'bad-request', message: error.message });
    return;
  }
  const id = randomUUID().slice(0, 8);
  request.log.error({ err: error, id }, 'internal error');
  reply.code(500).send({
    code: 'internal',
    message: `Internal error ${id} of the gateway.`
  });
}
