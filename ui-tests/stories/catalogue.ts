/** Every story: what is drawn, and what the place it stands in is like. */
import type { LinkState, PipelinePayload, RunView } from 'jupyterlab-kfp-model';

import type { Drift, RunTab } from '../../src/run/run-model';
import { draft } from './draft';
import { blocks, manyRounds, manyTasks, sideBySide } from './large-runs';
import { loopRun, nestedLoops, openLoop } from './loop-run';
import * as samples from './samples';
import { unread } from './unread';

/** One story. Exactly one of `view`, `views`, `pipeline`, `plain` and `form` is there. */
export interface IStory {
  /** What a reader of the gallery sees above the picture. */
  readonly title: string;
  readonly view?: () => RunView;
  /** Several runs of one cell. */
  readonly views?: () => readonly RunView[];
  /** Whether several runs stand side by side instead of below one another. */
  readonly isComparison?: boolean;
  readonly pipeline?: () => PipelinePayload;
  /** An output that cannot be read, in all its forms. */
  readonly plain?: () => Readonly<Record<string, unknown>>;
  /** The form of a new run. */
  readonly form?: 'ready' | 'faults';
  readonly link?: LinkState;
  /** Seconds since the document was saved; then there is no live side. */
  readonly savedAgo?: number;
  readonly tab?: RunTab;
  readonly task?: string;
  readonly layout?: 'cell' | 'document';
  readonly drift?: Drift;
  readonly collapsed?: boolean;
  readonly untrusted?: boolean;
}

const links: Readonly<Record<Exclude<LinkState, 'snapshot'>, string>> = {
  live: 'Live',
  polling: 'The socket was refused',
  stale: 'The service does not answer',
  offline: 'The gateway is unreachable',
  'sign-in': 'Credentials are refused',
  'no-access': 'The run belongs to somebody else',
  'not-found': 'The run was deleted',
  'unknown-connection': 'The cluster is not configured here'
};

const tabs: readonly (readonly [RunTab, string])[] = [
  ['graph', 'Graph'],
  ['tasks', 'Tasks'],
  ['timeline', 'Timeline'],
  ['logs', 'Logs'],
  ['results', 'Results'],
  ['inputs', 'Inputs']
];

/** The stories by name. */
export const STORIES: Readonly<Record<string, IStory>> = {
  draft: { title: 'Draft', pipeline: draft, drift: 'same' },
  sent: { title: 'Pending, just sent', view: () => samples.sent },
  pending: { title: 'Pending, with the reason', view: () => samples.pending },
  'pending-unknown': {
    title: 'Pending, the reason cannot be read',
    view: () => samples.pendingUnknown
  },
  running: { title: 'Running', view: () => samples.running, drift: 'same' },
  retrying: {
    title: 'Running, a task is tried again',
    view: () => samples.retrying
  },
  warned: { title: 'Running, with warnings', view: () => samples.warned },
  'watched-only': {
    title: 'Running, nothing may be done here',
    view: () => samples.watchedOnly
  },
  succeeded: {
    title: 'Succeeded',
    view: () => samples.succeeded,
    drift: 'same'
  },
  'same-names': {
    title: 'Succeeded, results of one name',
    view: () => samples.sameNames
  },
  failed: { title: 'Failed', view: () => samples.failed, drift: 'edited' },
  'failed-silently': {
    title: 'Failed, no reason reported',
    view: () => samples.failedSilently
  },
  refused: { title: 'Failed before any task', view: () => samples.refused },
  canceling: { title: 'Canceling', view: () => samples.canceling },
  canceled: { title: 'Canceled', view: () => samples.canceled },
  skipped: { title: 'Skipped', view: () => samples.skipped },
  paused: { title: 'Paused', view: () => samples.paused },
  unknown: { title: 'A state that nobody knows', view: () => samples.unknown },
  'task-states': {
    title: 'Every state of a task',
    view: () => samples.taskStates,
    tab: 'tasks',
    layout: 'document'
  },
  snapshot: {
    title: 'Saved while running',
    view: () => samples.running,
    savedAgo: 7200
  },
  untrusted: {
    title: 'In a notebook that is not trusted',
    view: () => samples.running,
    savedAgo: 7200,
    untrusted: true
  },
  folded: { title: 'Folded', view: () => samples.running, collapsed: true },
  ...Object.fromEntries(
    Object.entries(links).map(([link, title]) => [
      `link-${link}`,
      { title, view: () => samples.running, link: link as LinkState }
    ])
  ),
  ...Object.fromEntries(
    tabs.map(([tab, title]) => [
      `tab-${tab}`,
      {
        title,
        view: () => (tab === 'results' ? samples.succeeded : samples.failed),
        tab
      }
    ])
  ),
  detail: {
    title: 'A task',
    view: () => samples.failed,
    tab: 'graph',
    task: 'train'
  },
  document: {
    title: 'Document',
    view: () => samples.failed,
    layout: 'document'
  },
  'document-attempts': {
    title: 'Document: attempts',
    view: () => samples.retrying,
    layout: 'document',
    tab: 'attempts'
  },
  'document-source': {
    title: 'Document: source',
    view: () => samples.failed,
    layout: 'document',
    tab: 'source'
  },
  'document-volumes': {
    title: 'Document: volumes',
    view: () => samples.failed,
    layout: 'document',
    tab: 'volumes'
  },
  'document-volumes-local': {
    title: 'Document: volumes of the local service',
    view: () => samples.onLocal(samples.failed),
    layout: 'document',
    tab: 'volumes'
  },
  none: { title: 'No task yet', view: () => samples.none, tab: 'graph' },
  one: { title: 'One task', view: () => samples.one, tab: 'graph' },
  loop: {
    title: 'A loop, a condition and a failure in one round',
    view: loopRun,
    tab: 'graph',
    layout: 'document'
  },
  'loop-tasks': {
    title: 'The same as a table',
    view: loopRun,
    tab: 'tasks',
    layout: 'document'
  },
  'loop-timeline': {
    title: 'The same on a time axis',
    view: loopRun,
    tab: 'timeline',
    layout: 'document'
  },
  'loop-nested': {
    title: 'A loop in a loop',
    view: nestedLoops,
    tab: 'graph',
    layout: 'document'
  },
  'loop-open': { title: 'A loop whose rounds are not known', view: openLoop },
  sixty: {
    title: '60 tasks',
    view: () => manyTasks(60),
    tab: 'graph',
    layout: 'document'
  },
  blocks: {
    title: '300 tasks in sub-pipelines',
    view: () => blocks(20, 15),
    tab: 'graph',
    layout: 'document'
  },
  thousand: {
    title: '1,000 tasks',
    view: () => manyTasks(1000),
    tab: 'graph',
    layout: 'document'
  },
  'four-hundred': {
    title: '400 tasks, the most that are drawn at once',
    view: () => manyTasks(400),
    tab: 'graph',
    layout: 'document'
  },
  'five-thousand': {
    title: '5,000 tasks as a table',
    view: () => manyTasks(5000),
    tab: 'tasks',
    layout: 'document'
  },
  'thousand-tasks': {
    title: '1,000 tasks as a table',
    view: () => manyTasks(1000),
    tab: 'tasks'
  },
  'thousand-timeline': {
    title: '1,000 tasks on a time axis',
    view: () => manyTasks(1000),
    tab: 'timeline'
  },
  rounds: {
    title: 'A loop of 1,000 rounds',
    view: () => manyRounds(1000),
    tab: 'graph'
  },
  sweep: { title: 'Runs of one cell', views: () => samples.sweep(5) },
  'sweep-many': {
    title: '60 runs of one cell',
    views: () => samples.sweep(60)
  },
  'wide-graph': {
    title: '70 tasks that do not depend on one another',
    view: () => sideBySide(70),
    tab: 'graph'
  },
  'wide-graph-document': {
    title: '70 tasks between two',
    view: () => sideBySide(70, true),
    tab: 'graph',
    layout: 'document'
  },
  compare: {
    title: 'Two runs side by side',
    views: () => samples.sweep(7).slice(5),
    isComparison: true,
    layout: 'document'
  },
  'compare-running': {
    title: 'A failed run and one under way side by side',
    views: () => samples.sweep(4).slice(2),
    isComparison: true,
    layout: 'document'
  },
  'compare-many': {
    title: 'Ten runs side by side',
    views: () => samples.sweep(10),
    isComparison: true,
    layout: 'document'
  },
  'compare-one': {
    title: 'A comparison with one run',
    views: () => samples.sweep(1),
    isComparison: true,
    layout: 'document'
  },
  'new-run': { title: 'The form of a new run', form: 'ready' },
  'new-run-faults': {
    title: 'The form with values that are none',
    form: 'faults'
  },
  newer: {
    title: 'Made by a newer version',
    plain: () => unread('kfp.run/2')
  },
  damaged: {
    title: 'The payload is damaged',
    plain: () => unread('kfp.run/1')
  },
  hostile: { title: 'Names that mean harm', view: () => samples.hostile },
  'hostile-document': {
    title: 'Document: attempts of tasks whose names mean harm',
    view: () => samples.hostile,
    layout: 'document',
    tab: 'attempts'
  }
};
