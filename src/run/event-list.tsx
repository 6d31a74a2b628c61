import type { TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { useRunEnvironment } from './environment';
import { eventsOf } from './events';
import { clockSeconds, dateTime } from './words';
import { inSentence } from './shown-name';

/** What happened to a task, oldest first. */
export function EventList(props: {
  readonly task: TaskView;
}): JSX.Element | null {
  const { task } = props;
  const { trans } = useRunEnvironment();
  const events = eventsOf(task, trans);
  return events.length === 0 ? null : (
    <ol
      className="jp-KfpEvents"
      aria-label={trans.__('Events of %1', inSentence(task.name))}
    >
      {events.map((event, index) => (
        <li key={index}>
          <StateIcon sign={event.state} size={14} />
          <time dateTime={event.at} title={dateTime(event.at)}>
            {event.at ? clockSeconds(event.at) : trans.__('now')}
          </time>
          <span>
            {event.text}
            {event.detail && (
              <span className="jp-KfpDetail-quiet"> {event.detail}</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
