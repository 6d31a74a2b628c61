import type { TranslationBundle } from '@jupyterlab/translation';
import type { ConnectionInfo, ExperimentSummary } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { copyText } from '../run/clipboard';
import type { CacheChoice, NewRunStore } from './new-run-store';
import { ParameterField } from './parameter-field';
import { PlanView } from './plan-view';
import { runLine } from './run-line';
import { Name } from '../run/name';

/** Properties of the form. */
export interface INewRunFormProps {
  readonly store: NewRunStore;
  readonly connections: readonly ConnectionInfo[];
  readonly experiments: readonly ExperimentSummary[];
  readonly trans: TranslationBundle;
  /** Send it. */
  onStart(): void;
  onRetry(): void;
}

/** Everything a run needs before it is sent. */
export function NewRunForm(props: INewRunFormProps): JSX.Element {
  const { store, trans } = props;
  const { state } = store;
  switch (state.kind) {
    case 'loading':
      return (
        <p className="jp-KfpEmpty" role="status">
          {trans.__('Loading…')}
        </p>
      );
    case 'failed':
      return (
        <div className="jp-KfpForm">
          <p role="alert">{state.message}</p>
          <div>
            <button
              type="button"
              className="jp-KfpButton"
              onClick={props.onRetry}
            >
              {trans.__('Try again')}
            </button>
          </div>
        </div>
      );
    case 'ready':
      return <Ready {...props} name={state.pipeline.name} />;
  }
}

function Ready(
  props: INewRunFormProps & { readonly name: string }
): JSX.Element {
  const { store, trans } = props;
  const form = React.useRef<HTMLFormElement>(null);
  const faults = store.faults;
  // the first field that waits for a value gets the focus
  React.useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>(
      '.jp-KfpField-text[aria-invalid="true"], .jp-KfpField-text'
    );
    first?.focus();
  }, []);
  const line = runLine(store);
  return (
    <form
      ref={form}
      className="jp-KfpForm"
      aria-label={trans.__('New run of %1', props.name)}
      onSubmit={event => {
        event.preventDefault();
        props.onStart();
      }}
    >
      <h2 className="jp-KfpForm-title">
        <Name>{props.name}</Name>
      </h2>
      {store.fields.map(field => (
        <ParameterField
          key={field.input.name}
          field={field}
          fault={faults.get(field.input.name)}
          trans={trans}
          onText={text => store.setText(field.input.name, text)}
          onReset={() => store.reset(field.input.name)}
        />
      ))}
      {store.fields.length === 0 && (
        <p className="jp-KfpField-hint">
          {trans.__('This pipeline takes no parameters.')}
        </p>
      )}
      <Target {...props} />
      <div className="jp-KfpForm-line">
        <code>{line}</code>
        <button
          type="button"
          className="jp-KfpButton"
          onClick={() => copyText(line)}
        >
          {trans.__('Copy')}
        </button>
      </div>
      {store.problem && (
        <p className="jp-KfpField-fault" role="alert">
          {store.problem}
        </p>
      )}
      <div className="jp-KfpForm-actions">
        <button
          type="button"
          className="jp-KfpButton"
          disabled={store.isBusy || faults.size > 0}
          onClick={() => void store.askPlan()}
        >
          {trans.__('Plan')}
        </button>
        <button
          type="submit"
          className="jp-KfpButton jp-mod-main"
          disabled={store.isBusy || faults.size > 0}
        >
          {trans.__('Start')}
        </button>
        <span className="jp-KfpForm-busy" role="status">
          {store.isSubmitting && (
            <>
              <StateIcon sign="SUBMITTING" /> {trans.__('Submitting…')}
            </>
          )}
        </span>
      </div>
      {store.plan !== null && <PlanView plan={store.plan} trans={trans} />}
    </form>
  );
}

function Target(props: INewRunFormProps): JSX.Element {
  const { store, connections, experiments, trans } = props;
  const id = React.useId();
  const caches: readonly (readonly [CacheChoice, string])[] = [
    ['as written', trans.__('as written')],
    ['on', trans.__('on for all')],
    ['off', trans.__('off for all')]
  ];
  return (
    <fieldset className="jp-KfpForm-target">
      <legend>{trans.__('Run')}</legend>
      <Row id={`${id}-on`} label={trans.__('Connection')}>
        <select
          id={`${id}-on`}
          className="jp-KfpSelect"
          value={store.connection}
          onChange={event => store.choose({ connection: event.target.value })}
        >
          {connections.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </Row>
      <Row id={`${id}-exp`} label={trans.__('Experiment')}>
        <input
          id={`${id}-exp`}
          className="jp-KfpFilter jp-KfpField-text"
          type="text"
          list={`${id}-experiments`}
          placeholder={trans.__('Default')}
          value={store.experiment}
          onChange={event => store.choose({ experiment: event.target.value })}
        />
        <datalist id={`${id}-experiments`}>
          {experiments.map(experiment => (
            <option key={experiment.id} value={experiment.name} />
          ))}
        </datalist>
      </Row>
      <Row id={`${id}-name`} label={trans.__('Name')}>
        <input
          id={`${id}-name`}
          className="jp-KfpFilter jp-KfpField-text"
          type="text"
          placeholder={trans.__('pipeline and time')}
          value={store.name}
          onChange={event => store.choose({ name: event.target.value })}
        />
      </Row>
      <Row id={`${id}-cache`} label={trans.__('Caching')}>
        <select
          id={`${id}-cache`}
          className="jp-KfpSelect"
          value={store.cache}
          onChange={event =>
            store.choose({
              cache:
                caches.find(([choice]) => choice === event.target.value)?.[0] ??
                'as written'
            })
          }
        >
          {caches.map(([choice, label]) => (
            <option key={choice} value={choice}>
              {label}
            </option>
          ))}
        </select>
      </Row>
    </fieldset>
  );
}

function Row(props: {
  readonly id: string;
  readonly label: string;
  readonly children: React.ReactNode;
}): JSX.Element {
  return (
    <div className="jp-KfpField">
      <label className="jp-KfpField-name" htmlFor={props.id}>
        {props.label}
      </label>
      <div className="jp-KfpField-control">{props.children}</div>
    </div>
  );
}
