import { Signal, type ISignal } from '@lumino/signaling';
import {
  parameterText,
  readParameter,
  type ParameterFault,
  type PipelineInput,
  type PipelinePayload,
  type PipelineSource,
  type PlanAnswer,
  type RunHeader,
  type SubmitRequest
} from 'jupyterlab-kfp-model';

import type { GatewayClient } from '../gateway/client';
import { GatewayError } from '../gateway/gateway-error';
import { RequestKey } from '../gateway/request-key';

/** What a new run is made of: a compiled pipeline the gateway knows, or an earlier run. */
export type NewRunSource =
  | { readonly kind: 'digest'; readonly digest: string }
  | {
      readonly kind: 'run';
      readonly connection: string;
      readonly runId: string;
    };

/** Where the text of a field comes from. */
export type Origin = 'default' | 'given' | 'last run';

/** One parameter as the form holds it. `text` null = not set. */
export interface IField {
  readonly input: PipelineInput;
  readonly text: string | null;
  readonly origin: Origin;
}

/** How the cache is used. */
export type CacheChoice = 'as written' | 'on' | 'off';

/** What the form shows. */
export type NewRunState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'ready';
      readonly pipeline: PipelinePayload;
      readonly source: PipelineSource;
    };

/**
 * A run that is not sent yet: its pipeline, its target and the values of its parameters.
 *
 * #### Notes
 * Values are read by the type of their parameter while they are typed; nothing is sent before all of them are good. A repeated Start
 * sends the same key, so that it cannot make two runs.
 */
export class NewRunStore {
  constructor(options: NewRunStore.IOptions) {
    this._client = options.client;
    this.source = options.source;
    this.connection = options.connection;
  }

  /** What the run is made of. */
  readonly source: NewRunSource;
  /** The connection it goes to. */
  connection: string;
  /** Name of the run; empty = the gateway's default. */
  name = '';
  /** Name of the experiment; empty = the default of the service. */
  experiment = '';
  cache: CacheChoice = 'as written';

  /** Told after every change. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): NewRunState {
    return this._state;
  }

  /** The parameters, required ones without a default first. */
  get fields(): readonly IField[] {
    return this._fields;
  }

  /** The plan that was asked for, or why there is none. */
  get plan(): PlanAnswer | string | null {
    return this._plan;
  }

  /** Why the run was not started; empty when nothing failed. */
  get problem(): string {
    return this._problem;
  }

  get isBusy(): boolean {
    return this._busyWith !== null;
  }

  /** Whether the request of the run is under way and has no answer yet. */
  get isSubmitting(): boolean {
    return this._busyWith === 'submit';
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Read the pipeline, and the values of the earlier run. */
  async load(): Promise<void> {
    this._set({ kind: 'loading' });
    try {
      const { pipeline, source, values } = await this._read();
      this._fields = fieldsOf(pipeline.inputs, values);
      this._set({ kind: 'ready', pipeline, source });
    } catch (reason) {
      this._set({ kind: 'failed', message: this._sentence(reason) });
    }
  }

  /** Set the text of a parameter; null = not set. */
  setText(name: string, text: string | null): void {
    this._fields = this._fields.map(field =>
      field.input.name === name ? { ...field, text, origin: 'given' } : field
    );
    this._touch();
  }

  /** Bring back the default of a parameter. */
  reset(name: string): void {
    this._fields = this._fields.map(field =>
      field.input.name === name
        ? { ...field, text: defaultText(field.input), origin: 'default' }
        : field
    );
    this._touch();
  }

  /** Change something beside the parameters. */
  choose(
    choice: Partial<
      Pick<NewRunStore, 'connection' | 'name' | 'experiment' | 'cache'>
    >
  ): void {
    Object.assign(this, choice);
    this._touch();
  }

  /** What is wrong with the parameters, by name; empty when the run can be sent. */
  get faults(): ReadonlyMap<string, ParameterFault> {
    const faults = new Map<string, ParameterFault>();
    for (const { input, text } of this._fields) {
      if (text === null) {
        if (!input.optional && input.default === undefined) {
          faults.set(input.name, { kind: 'required' });
        }
        continue;
      }
      const read = readParameter(input, text);
      if (!read.ok) {
        faults.set(input.name, read.fault);
      }
    }
    return faults;
  }

  /** Ask what the run would do. Sends nothing to the service. */
  async askPlan(): Promise<void> {
    const request = this._request();
    if (!request || this.isBusy) {
      return;
    }
    this._busyWith = 'plan';
    this._emit();
    try {
      this._plan = await this._client.plan(this.connection, request);
    } catch (reason) {
      this._plan = this._sentence(reason);
    }
    this._busyWith = null;
    this._emit();
  }

  /** Send the run. Returns it, or null when it was refused; `problem` then says why. */
  async start(): Promise<RunHeader | null> {
    const request = this._request();
    if (!request || this.isBusy) {
      return null;
    }
    this._busyWith = 'submit';
    this._problem = '';
    this._emit();
    try {
      const { run } = await this._key.send(idempotency_key =>
        this._client.submit(this.connection, { ...request, idempotency_key })
      );
      return run;
    } catch (reason) {
      this._problem = this._sentence(reason);
      return null;
    } finally {
      this._busyWith = null;
      this._emit();
    }
  }

  /** Idempotent. */
  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async _read(): Promise<{
    pipeline: PipelinePayload;
    source: PipelineSource;
    values: ReadonlyMap<string, string | undefined>;
  }> {
    if (this.source.kind === 'digest') {
      const { text } = await this._client.pipelineText(this.source.digest);
      const { payload } = await this._client.describe({ text });
      return {
        pipeline: payload,
        source: { digest: payload.ir_digest },
        values: new Map()
      };
    }
    const key = {
      connection: this.source.connection,
      run_id: this.source.runId
    };
    const [{ text }, { view }] = await Promise.all([
      this._client.source(key),
      this._client.view(key, 'header')
    ]);
    const { payload } = await this._client.describe({ text });
    this.experiment = view.run.experiment?.name ?? '';
    return {
      pipeline: payload,
      source: { digest: payload.ir_digest },
      values: new Map(
        view.run.parameters
          .filter(({ origin }) => origin === 'given')
          // a redacted value cannot be taken over: it must be typed again
          .map(({ name, json, redacted }) => [
            name,
            redacted ? undefined : json
          ])
      )
    };
  }

  private _request(): SubmitRequest | null {
    if (this._state.kind !== 'ready' || this.faults.size > 0) {
      return null;
    }
    const parameters: Record<string, unknown> = {};
    for (const { input, text, origin } of this._fields) {
      if (text === null || origin === 'default') {
        continue; // the service fills in its own default
      }
      const read = readParameter(input, text);
      if (read.ok) {
        parameters[input.name] = read.value;
      }
    }
    return {
      pipeline: this._state.source,
      parameters,
      ...(this.name.trim() ? { name: this.name.trim() } : {}),
      ...(this.experiment.trim() ? { experiment: this.experiment.trim() } : {}),
      ...(this.cache === 'as written' ? {} : { cache: this.cache === 'on' })
    };
  }

  private _sentence(reason: unknown): string {
    if (reason instanceof GatewayError) {
      return [reason.message, reason.fix].filter(Boolean).join(' ');
    }
    return reason instanceof Error ? reason.message : String(reason);
  }

  private _set(state: NewRunState): void {
    this._state = state;
    this._emit();
  }

  // an old plan or an old refusal says nothing about changed values, and with them it is another run
  private _touch(): void {
    this._key.renew();
    this._plan = null;
    this._problem = '';
    this._emit();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _client: GatewayClient;
  private readonly _changed = new Signal<this, void>(this);
  private _state: NewRunState = { kind: 'loading' };
  private _fields: readonly IField[] = [];
  private _plan: PlanAnswer | string | null = null;
  private _problem = '';
  private _busyWith: 'plan' | 'submit' | null = null;
  private _isDisposed = false;
  private readonly _key = new RequestKey();
}

/** Options of the store. */
export namespace NewRunStore {
  export interface IOptions {
    readonly client: GatewayClient;
    readonly source: NewRunSource;
    readonly connection: string;
  }
}

/** The fields of a form: in the order of the pipeline, but what must be filled in comes first. */
export function fieldsOf(
  inputs: readonly PipelineInput[],
  values: ReadonlyMap<string, string | undefined>
): readonly IField[] {
  const fields = inputs.map((input): IField => {
    const json = values.get(input.name);
    return json === undefined
      ? { input, text: defaultText(input), origin: 'default' }
      : {
          input,
          text: json === 'null' ? null : parameterText(input.type, json),
          origin: 'last run'
        };
  });
  const isEmpty = ({ input }: IField): boolean =>
    input.default === undefined && !input.optional;
  return [
    ...fields.filter(isEmpty),
    ...fields.filter(field => !isEmpty(field))
  ];
}

function defaultText(input: PipelineInput): string | null {
  if (input.default === undefined) {
    return null;
  }
  return input.default === 'null'
    ? null
    : parameterText(input.type, input.default);
}
