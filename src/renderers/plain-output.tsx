import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { FallbackHtml } from './fallback-html';

/** Properties of the plain form. */
export interface IPlainOutputProps {
  readonly trans: TranslationBundle;
  /** The output, of which the payload could not be read. */
  readonly data: IRenderMime.IMimeModel['data'];
  /** The type of the payload. */
  readonly mimeType: string;
}

/** An output whose payload cannot be read: a line that says why, and another form of it. */
export function PlainOutput(props: IPlainOutputProps): JSX.Element {
  const { trans, data, mimeType } = props;
  const { 'text/html': html, 'text/plain': text } = data;
  const newer = isNewer(data[mimeType]);
  return (
    <div className="jp-KfpRun jp-mod-plain">
      <p className="jp-KfpEmpty">
        {newer
          ? trans.__('Made by a newer version of jupyterlab-kfp.')
          : trans.__('This output is damaged; what follows is its text form.')}
      </p>
      {newer && typeof html === 'string' ? (
        <FallbackHtml html={html} />
      ) : (
        typeof text === 'string' && (
          <pre className="jp-KfpArtifact-text" tabIndex={0}>
            {text}
          </pre>
        )
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
