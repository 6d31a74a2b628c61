/** What the routes of the local service work with. */
import type { FastifyRequest } from 'fastify';

import type { Engine } from '../engine/contract.ts';
import type { RunActions } from '../runs/run-actions.ts';
import type { SubmitRun } from '../runs/submit-run.ts';
import type { ArtifactFiles } from '../runs/artifact-files.ts';
import type { LogFiles } from '../runs/log-files.ts';
import type { Store } from '../store/store.ts';
import type { Query } from './list-request.ts';
import type { RunTexts } from './run-texts.ts';
import type { UrlPackages } from './url-packages.ts';

export interface RouteContext {
  readonly store: Store;
  readonly engine: Engine;
  readonly texts: RunTexts;
  readonly submit: SubmitRun;
  readonly actions: RunActions;
  readonly logs: LogFiles;
  readonly artifacts: ArtifactFiles;
  /** Makes pipelines from URLs. */
  readonly packages: UrlPackages;
  /** Version of the product, part of `tag_name`. */
  readonly version: string;
  /** Commit the product was built from; '' = unknown. */
  readonly commit: string;
}

/** The JSON text of a request body; '' when there was none. */
export function bodyText(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

/** A parameter of the path. */
export function pathText(request: FastifyRequest, name: string): string {
  const params = request.params as Readonly<Record<string, unknown>>;
  const value = params[name];
  return typeof value === 'string' ? value : '';
}

export function queryOf(request: FastifyRequest): Query {
  return request.query as Query;
}
