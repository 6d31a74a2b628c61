import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { sentenceOf } from '../gateway/gateway-error';
import { copyText } from './clipboard';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';

/** The pipeline as it was submitted. */
export function SourceTab(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element {
  const { trans } = useRunEnvironment();
  const store = props.model.isWatching ? props.model.store : null;
  const [text, setText] = React.useState('');
  const [problem, setProblem] = React.useState('');
  React.useEffect(() => {
    let isCurrent = true;
    store
      ?.source()
      .then(source => {
        if (isCurrent) {
          setText(source.text);
        }
      })
      .catch((reason: unknown) => {
        if (isCurrent) {
          setProblem(sentenceOf(reason));
        }
      });
    return () => {
      isCurrent = false;
    };
  }, [store]);
  if (!store || problem) {
    return (
      <p className="jp-KfpEmpty">
        {problem || trans.__('The source is shown when the run is connected.')}
      </p>
    );
  }
  return (
    <div className="jp-KfpSource">
      <button
        type="button"
        className="jp-KfpButton"
        onClick={() => copyText(text)}
      >
        {trans.__('Copy')}
      </button>
      <pre className="jp-KfpArtifact-text">{text}</pre>
    </div>
  );
}
