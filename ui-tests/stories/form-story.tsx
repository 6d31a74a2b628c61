import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { PipelinePayload } from 'jupyterlab-kfp-model';
import * as React from 'react';

import type { GatewayClient } from '../../src/gateway/client';
import { NewRunForm } from '../../src/new-run/new-run-form';
import { NewRunStore } from '../../src/new-run/new-run-store';
import { draft } from './draft';

/** The pipeline of the form: a parameter of every kind. */
export const FORM_PIPELINE: PipelinePayload = {
  ...draft(),
  inputs: [
    { name: 'lr', type: 'NUMBER_DOUBLE', optional: false },
    {
      name: 'rows',
      type: 'NUMBER_INTEGER',
      default: '100',
      optional: true,
      description: 'How many rows are read.'
    },
    { name: 'tags', type: 'LIST', default: '["a", "b"]', optional: true },
    {
      name: 'mode',
      type: 'STRING',
      default: '"fast"',
      optional: true,
      literals: ['"fast"', '"exact"']
    },
    { name: 'shuffle', type: 'BOOLEAN', default: 'true', optional: true },
    { name: 'note', type: 'STRING', optional: true }
  ]
};

/** The form of a new run, whose gateway answers what was recorded. */
export function FormStory(props: {
  readonly faults: boolean;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const [store] = React.useState(() => {
    const client = {
      pipelineText: () => Promise.resolve({ text: '' }),
      describe: () => Promise.resolve({ payload: FORM_PIPELINE })
    };
    return new NewRunStore({
      client: client as unknown as GatewayClient,
      source: { kind: 'digest', digest: '' },
      connection: 'prod'
    });
  });
  React.useEffect(() => {
    void store.load().then(() => {
      if (props.faults) {
        store.setText('rows', '1.5');
        store.setText('tags', '["a", "b"');
      } else {
        store.setText('lr', '0.01');
      }
    });
  }, [store]);
  return (
    <div className="jp-KfpNewRun">
      <UseSignal signal={store.changed}>
        {() => (
          <NewRunForm
            store={store}
            connections={[{ name: 'prod' }] as never}
            experiments={[{ id: 'e', name: 'tuning' }] as never}
            trans={props.trans}
            onStart={() => undefined}
            onRetry={() => undefined}
          />
        )}
      </UseSignal>
    </div>
  );
}
