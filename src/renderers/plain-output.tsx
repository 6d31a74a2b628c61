import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** Properties of the plain form. */
export interface IPlainOutputProps {
  readonly trans: TranslationBundle;
  /** The payload that could not be read. */
  readonly payload: unknown;
  /** The text part of the output. */
  readonly text: unknown;
}

/** An output whose payload cannot be read: its text, and a line that says why. */
export function PlainOutput(props: IPlainOutputProps): JSX.Element {
  const { trans, payload, text } = props;
  return (
    <div className="jp-KfpRun jp-mod-plain">
      <p className="jp-KfpEmpty">
        {isNewer(payload)
          ? trans.__('Made by a newer version of jupyterlab-kfp.')
          : trans.__('This output is damaged; what follows is its text form.')}
      </p>
      {typeof text === 'string' && (
        <pre className="jp-KfpArtifact-text">{text}</pre>
      )}
    </div>
  );
}

function isNewer(payload: unknown): boolean {
  const schema =
    typeof payload === 'object' && payload !== null && 'schema' in payload
      ? payload.schema
      : '';
  const major = /^kfp\.(?:run|pipeline)\/(\d+)$/.exec(String(schema))?.[1];
  return major !== undefined && Number(major) > 1;
}
