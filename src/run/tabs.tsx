import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { useRunEnvironment } from './environment';
import type { RunTab } from './run-model';

/** Tabs in their order; `summary` has no tab of its own. */
export const TABS: readonly RunTab[] = [
  'graph',
  'tasks',
  'timeline',
  'logs',
  'results',
  'inputs'
];

/** The tabs that only a document has. */
export const DOCUMENT_TABS: readonly RunTab[] = [
  'source',
  'attempts',
  'volumes'
];

/** The name of a tab. */
export function tabName(tab: RunTab, trans: TranslationBundle): string {
  switch (tab) {
    case 'summary':
      return trans.__('Summary');
    case 'graph':
      return trans.__('Graph');
    case 'tasks':
      return trans.__('Tasks');
    case 'timeline':
      return trans.__('Timeline');
    case 'logs':
      return trans.__('Logs');
    case 'results':
      return trans.__('Results');
    case 'inputs':
      return trans.__('Inputs');
    case 'source':
      return trans.__('Source');
    case 'attempts':
      return trans.__('Attempts');
    case 'volumes':
      return trans.__('Volumes');
  }
}

/** Properties of the list of tabs. */
export interface ITabListProps {
  readonly tabs: readonly RunTab[];
  readonly chosen: RunTab;
  /** Prefix of the ids, unique in the page. */
  readonly id: string;
  readonly onChoose: (tab: RunTab) => void;
}

/** The tabs of a run, with one stop for Tab and arrows inside. */
export function TabList(props: ITabListProps): JSX.Element {
  const { trans } = useRunEnvironment();
  const { tabs, chosen } = props;
  const list = React.useRef<HTMLDivElement>(null);
  const current = tabs.includes(chosen) ? chosen : tabs[0];

  const move = (event: React.KeyboardEvent): void => {
    const at = tabs.indexOf(current);
    const rtl =
      list.current !== null &&
      getComputedStyle(list.current).direction === 'rtl';
    const step = rtl ? -1 : 1;
    const to = {
      ArrowRight: at + step,
      ArrowLeft: at - step,
      Home: 0,
      End: tabs.length - 1
    }[event.key];
    if (to === undefined) {
      return;
    }
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    props.onChoose(tab);
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab}"]`)?.focus();
  };

  return (
    <div ref={list} className="jp-KfpTabs" role="tablist" onKeyDown={move}>
      {tabs.map(tab => (
        <button
          key={tab}
          type="button"
          role="tab"
          data-tab={tab}
          id={`${props.id}-tab-${tab}`}
          aria-selected={tab === chosen}
          aria-controls={tab === chosen ? `${props.id}-panel` : undefined}
          tabIndex={tab === current ? 0 : -1}
          className="jp-KfpTabs-tab"
          onClick={() => props.onChoose(tab)}
        >
          {tabName(tab, trans)}
        </button>
      ))}
    </div>
  );
}
