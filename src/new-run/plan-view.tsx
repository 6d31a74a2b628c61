import type { TranslationBundle } from '@jupyterlab/translation';
import type { PlanAnswer, PlannedTask } from 'jupyterlab-kfp-model';
import * as React from 'react';

/** Properties of the plan; a text says why there is none. */
export interface IPlanViewProps {
  readonly plan: PlanAnswer | string;
  readonly trans: TranslationBundle;
}

/** What a run would do; nothing was sent. */
export function PlanView(props: IPlanViewProps): JSX.Element {
  const { plan, trans } = props;
  if (typeof plan === 'string') {
    return (
      <p className="jp-KfpField-fault" role="alert">
        {plan}
      </p>
    );
  }
  const place = [plan.target.name, plan.namespace].filter(Boolean).join(' / ');
  return (
    <section className="jp-KfpPlan" aria-label={trans.__('Plan')}>
      <p>
        {trans.__(
          'Would run on %1 in experiment %2. Nothing was sent.',
          place,
          plan.experiment
        )}
      </p>
      {plan.refusals.length > 0 && (
        <ul className="jp-KfpPlan-refusals">
          {plan.refusals.map(refusal => (
            <li key={refusal}>{refusal}</li>
          ))}
        </ul>
      )}
      <table className="jp-KfpTable">
        <thead>
          <tr>
            <th scope="col">{trans.__('Task')}</th>
            <th scope="col">{trans.__('Image')}</th>
            <th scope="col">{trans.__('Packages')}</th>
            <th scope="col">{trans.__('Cache')}</th>
            <th scope="col">{trans.__('Runs in')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.tasks.map(task => (
            <tr key={task.path}>
              <th scope="row">{task.path}</th>
              <td>{task.image ?? ''}</td>
              <td>{(task.packages ?? []).join(', ')}</td>
              <td>{cacheText(task, trans)}</td>
              <td>{isolationText(task, trans)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {plan.last_run && <p>{changesText(plan.last_run, trans)}</p>}
      {plan.warnings.length > 0 && (
        <ul>
          {plan.warnings.map(warning => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function cacheText(task: PlannedTask, trans: TranslationBundle): string {
  switch (task.cache) {
    case 'hit':
      return task.cached_from
        ? trans.__('hit, run %1', task.cached_from.slice(0, 8))
        : trans.__('hit');
    case 'new':
      return trans.__('new');
    case 'off':
      return trans.__('off');
    case 'likely':
      return trans.__('likely a hit');
    case 'unknown':
      return trans.__('known when it starts');
  }
}

function isolationText(task: PlannedTask, trans: TranslationBundle): string {
  switch (task.isolation) {
    case 'process':
      return trans.__('process');
    case 'namespace':
      return trans.__('namespace');
    case 'container':
      return trans.__('container');
    case undefined:
      return '';
  }
}

function changesText(
  changes: NonNullable<PlanAnswer['last_run']>,
  trans: TranslationBundle
): string {
  const parts = [
    ...(changes.changed.length > 0
      ? [trans.__('%1 changed', changes.changed.join(', '))]
      : []),
    ...(changes.added.length > 0
      ? [trans.__('%1 new', changes.added.join(', '))]
      : []),
    ...(changes.removed.length > 0
      ? [trans.__('%1 removed', changes.removed.join(', '))]
      : [])
  ];
  return parts.length > 0
    ? trans.__('Since the last run: %1.', parts.join('; '))
    : trans.__('Nothing changed since the last run.');
}
