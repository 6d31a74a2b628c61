/** What a run would do: the checks of a run that is made, without making it. */
import type { Engine, RunCheck } from '../engine/contract.ts';
import type { Store } from '../store/store.ts';
import { prepareRun, type RunRequest } from './submit-run.ts';

export type PlanRun = (request: RunRequest) => Promise<RunCheck>;

/** Make the plan function of a local service. It throws what making the run would throw for its parameters. */
export function createPlan(store: Store, engine: Engine): PlanRun {
  return request =>
    engine.plan(prepareRun(store, request, store.now()).engineRun);
}
