import type { InputValue, OutputValue } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { sentenceOf } from '../../gateway/gateway-error';
import { useRunEnvironment } from '../environment';
import type { RunModel } from '../run-model';
import { bytesText } from './artifact-kind';
import { JsonValue } from './value';
import { parsed } from './value-text';

/** Characters of a value that are shown; a longer one is downloaded. */
const LARGEST = 64 * 1024;
/** Characters of a cut value that stand before the way to all of it. */
const BEGINNING = 200;

/** Properties of a value. */
export interface ITaskValueProps {
  readonly model: RunModel;
  readonly taskId: string;
  readonly side: 'inputs' | 'outputs';
  readonly value: InputValue | OutputValue;
}

/** A value of a task as far as it came with the run, and where that is only its beginning, the way to all of it. */
export function TaskValue(props: ITaskValueProps): JSX.Element {
  const { model, taskId, side, value } = props;
  const { trans } = useRunEnvironment();
  const [whole, setWhole] = React.useState<string | null>(null);
  const [problem, setProblem] = React.useState('');
  if ('redacted' in value && value.redacted) {
    return <>••••</>;
  }
  if (value.json === undefined) {
    return <>{value.uri ?? '–'}</>;
  }
  if (value.cut === undefined || whole !== null) {
    return <JsonValue json={whole ?? value.json} />;
  }
  const store = model.isWatching ? model.store : null;
  const address = { task_id: taskId, side, name: value.name };
  return (
    <span className="jp-KfpLongValue">
      <span className="jp-KfpJson">
        {String(parsed(value.json)).replace(/^"/, '').slice(0, BEGINNING)}…
      </span>
      <span className="jp-KfpDetail-quiet">
        {value.cut > LARGEST
          ? trans.__('%1, too large to show here', bytesText(value.cut))
          : bytesText(value.cut)}
      </span>
      {store && value.cut <= LARGEST && (
        <button
          type="button"
          className="jp-KfpButton"
          onClick={() =>
            void store.value(address).then(setWhole, (reason: unknown) => {
              setProblem(sentenceOf(reason));
            })
          }
        >
          {trans.__('Show all')}
        </button>
      )}
      {store && (
        <a
          className="jp-KfpButton"
          href={store.valueUrl(address)}
          download={`${value.name}.json`}
        >
          {trans.__('Download')}
        </a>
      )}
      {problem && <span role="alert">{problem}</span>}
    </span>
  );
}
