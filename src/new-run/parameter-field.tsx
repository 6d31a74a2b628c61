import type { TranslationBundle } from '@jupyterlab/translation';
import {
  isSecretName,
  parameterText,
  type ParameterFault
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import type { IField } from './new-run-store';
import { typeWord } from '../run/words';

/** Choices up to this number are radio buttons, more are a list. */
const RADIOS = 4;
/** Lines of a text at most before it scrolls. */
const LINES = 10;

/** Properties of a field. */
export interface IParameterFieldProps {
  readonly field: IField;
  readonly fault: ParameterFault | undefined;
  readonly trans: TranslationBundle;
  /** Null = not set. */
  onText(text: string | null): void;
  onReset(): void;
}

/** One parameter: its name, a control of its type, where its value comes from, and what is wrong with it. */
export function ParameterField(props: IParameterFieldProps): JSX.Element {
  const { field, fault, trans } = props;
  const { input } = field;
  const id = React.useId();
  const isEmpty = field.text === null && fault?.kind === 'required';
  return (
    <div className="jp-KfpField">
      <label className="jp-KfpField-name" htmlFor={id}>
        {input.name}
        {input.default === undefined && !input.optional && (
          <span aria-hidden="true"> *</span>
        )}
      </label>
      <div className="jp-KfpField-control">
        <Control {...props} id={id} hint={`${id}-hint`} />
        <p className="jp-KfpField-hint" id={`${id}-hint`}>
          {fault && !isEmpty && (
            <span className="jp-KfpField-fault" role="alert">
              {faultText(fault, trans)}
            </span>
          )}
          {isEmpty && <span>{trans.__('Needs a value')} · </span>}
          <span>{typeText(field, trans)}</span>
          {isSecretName(input.name) && (
            <span>
              {' '}
              {trans.__(
                'KFP stores parameters in clear text. Use a Kubernetes secret.'
              )}
            </span>
          )}
        </p>
        {input.description && (
          <p className="jp-KfpField-hint">{input.description}</p>
        )}
      </div>
      {field.origin !== 'default' && input.default !== undefined && (
        <button
          type="button"
          className="jp-KfpButton"
          aria-label={trans.__('Default of %1', input.name)}
          title={trans.__('Bring back the default')}
          onClick={props.onReset}
        >
          {trans.__('Default')}
        </button>
      )}
    </div>
  );
}

function Control(
  props: IParameterFieldProps & { readonly id: string; readonly hint: string }
): JSX.Element {
  const { field, fault, trans, id, hint, onText } = props;
  const { input, text } = field;
  const choices =
    input.literals?.map(literal => parameterText(input.type, literal)) ??
    (input.type === 'BOOLEAN' ? ['true', 'false'] : undefined);
  if (
    input.type === 'BOOLEAN' &&
    !input.literals &&
    !input.optional &&
    text !== null
  ) {
    return (
      <input
        id={id}
        type="checkbox"
        checked={text.toLowerCase() === 'true'}
        onChange={event => onText(String(event.target.checked))}
      />
    );
  }
  if (choices && choices.length <= RADIOS) {
    const all: readonly (string | null)[] = input.optional
      ? [null, ...choices]
      : choices;
    return (
      <div id={id} role="radiogroup" aria-label={input.name}>
        {all.map(choice => (
          <label key={choice ?? ''} className="jp-KfpField-choice">
            <input
              type="radio"
              name={id}
              checked={text === choice}
              onChange={() => onText(choice)}
            />
            {choice ?? trans.__('not set')}
          </label>
        ))}
      </div>
    );
  }
  if (choices) {
    return (
      <select
        id={id}
        className="jp-KfpSelect"
        value={text ?? ''}
        onChange={event => onText(event.target.value || null)}
      >
        {(input.optional || text === null) && (
          <option value="">{trans.__('not set')}</option>
        )}
        {choices.map(choice => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  const isLong = input.type === 'LIST' || input.type === 'STRUCT';
  const rows = Math.min(LINES, (text ?? '').split('\n').length);
  const common = {
    id,
    className: 'jp-KfpFilter jp-KfpField-text',
    value: text ?? '',
    placeholder: input.optional ? trans.__('not set') : '',
    spellCheck: false,
    'aria-invalid': fault !== undefined,
    'aria-describedby': hint
  };
  return isLong || rows > 1 ? (
    <textarea
      {...common}
      rows={Math.max(isLong ? 2 : 1, rows)}
      onChange={event => onText(event.target.value)}
    />
  ) : (
    <input
      {...common}
      type="text"
      inputMode={
        input.type === 'NUMBER_INTEGER'
          ? 'numeric'
          : input.type === 'NUMBER_DOUBLE'
            ? 'decimal'
            : 'text'
      }
      onChange={event => onText(emptied(event.target.value, field))}
    />
  );
}

/** An emptied field is not set, but for texts, where nothing is a value too. */
function emptied(text: string, { input }: IField): string | null {
  return text === '' && input.type !== 'STRING' ? null : text;
}

function typeText(field: IField, trans: TranslationBundle): string {
  const { input, origin } = field;
  const origins: Readonly<Record<IField['origin'], string>> = {
    default: trans.__('default'),
    given: trans.__('given'),
    'last run': trans.__('from the last run')
  };
  return [
    typeWord(input.type, trans),
    ...(input.default === undefined && origin === 'default'
      ? []
      : [origins[origin]]),
    ...(input.optional ? [trans.__('optional')] : [])
  ].join(' · ');
}

/** One sentence about a value that is none. */
export function faultText(
  fault: ParameterFault,
  trans: TranslationBundle
): string {
  switch (fault.kind) {
    case 'required':
      return trans.__('This needs a value.');
    case 'integer':
      return trans.__('This must be an integer, for example 100.');
    case 'number':
      return trans.__('This must be a number, for example 0.1.');
    case 'boolean':
      return trans.__('This must be true or false.');
    case 'json':
      return fault.line === undefined
        ? trans.__('This is not JSON.')
        : trans.__(
            'This is not JSON: line %1, column %2.',
            fault.line,
            fault.column ?? 1
          );
    case 'list':
      return trans.__('This must be a JSON list, for example ["a", "b"].');
    case 'struct':
      return trans.__('This must be a JSON object, for example {"a": 1}.');
    case 'choice':
      return trans.__('This must be one of: %1.', fault.choices.join(', '));
  }
}
