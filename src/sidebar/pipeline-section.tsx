import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { pipelinesIcon } from '../icons/lab-icons';
import { dateTime } from '../run/words';
import type { ListsStore } from './lists-store';
import { Section } from './section';
import { Name } from '../run/name';

/** The pipelines of the chosen connection. */
export function PipelineSection(props: {
  readonly lists: ListsStore;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { lists, trans } = props;
  const { pipelines } = lists;
  return (
    <Section title={trans.__('Pipelines')}>
      {!pipelines || pipelines.length === 0 ? (
        <p className="jp-KfpEmpty">
          {pipelines
            ? trans.__('No pipelines uploaded.')
            : trans.__('Loading…')}
        </p>
      ) : (
        <ul className="jp-KfpRows">
          {pipelines.map(pipeline => (
            <li
              key={pipeline.pipeline_id}
              className="jp-KfpRows-row"
              title={[
                pipeline.display_name,
                pipeline.description ?? '',
                dateTime(pipeline.created_at)
              ]
                .filter(Boolean)
                .join('\n')}
            >
              <pipelinesIcon.react
                tag="span"
                className="jp-KfpRows-icon"
                width="16px"
              />
              <span className="jp-KfpRows-name">
                <Name>{pipeline.display_name || pipeline.name}</Name>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
