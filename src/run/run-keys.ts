import type { KeyboardEvent } from 'react';

import type { IRunEnvironment } from './environment';
import { revealed } from './reveal';
import type { RunModel, RunTab } from './run-model';
import { firstFailure } from './task-tree';

/** What a key can do. */
export interface IRunKeyContext {
  readonly model: RunModel;
  readonly environment: IRunEnvironment;
  readonly root: HTMLElement | null;
  askStop(): void;
  showKeys(): void;
}

const TAB_KEYS: Readonly<Record<string, RunTab>> = {
  g: 'graph',
  t: 'tasks',
  m: 'timeline',
  l: 'logs',
  r: 'results',
  i: 'inputs'
};

/** Act on a key inside the view: only without modifiers and outside text fields, and never on a service without a question. */
export function actOnKey(event: KeyboardEvent, context: IRunKeyContext): void {
  if (
    event.defaultPrevented ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    (event.shiftKey && /^[a-z]$/i.test(event.key)) // signs may need Shift, letters do not
  ) {
    return;
  }
  const target = event.target as HTMLElement;
  if (
    target.matches(
      'input:not([type="checkbox"]), textarea, select, [contenteditable]'
    )
  ) {
    if (event.key === 'Escape') {
      focusTab(context.root, context.model.choices.tab);
    }
    return;
  }
  const { model, environment, root } = context;
  const { host } = environment;
  const key = event.key.toLowerCase();
  const tab = TAB_KEYS[key];
  if (tab) {
    const row = target.closest<HTMLElement>('[data-kfp-cursor]')?.dataset;
    // the log of the task where the keyboard is, not of any
    model.choose(
      tab === 'logs' && row?.kfpCursor ? { tab, task: row.kfpCursor } : { tab }
    );
    focusTab(root, tab);
  } else if (key === 'x') {
    const failed = model.view && firstFailure(model.view);
    if (failed) {
      model.choose({ tab: 'tasks', ...revealed(model, failed) });
      focusWhenDrawn(() => shownTask(root, failed.id));
    }
  } else if (key === 'f') {
    const follow = root?.querySelector<HTMLElement>(
      '[data-kfp-toggle="follow"]'
    );
    if (follow) {
      follow.click();
    } else if (model.view?.capabilities.logs && model.isWatching) {
      model.choose({ tab: 'logs' });
      focusTab(root, 'logs');
    }
  } else if (key === '/') {
    const field = root?.querySelector<HTMLElement>('[data-kfp-filter]');
    if (!field) {
      return;
    }
    field.focus();
  } else if (key === 'o' && model.view && host.openInTab) {
    const { run } = model.view;
    host.openInTab({
      connection: model.store?.key.connection ?? run.connection.profile,
      run_id: run.run_id
    });
  } else if (key === 's') {
    context.askStop();
  } else if (key === '?') {
    context.showKeys();
  } else if (key === 'arrowdown' && target.matches('[role="tab"]')) {
    cursorOf(root)?.focus();
  } else if (key === 'escape') {
    if (model.choices.task) {
      model.choose({ task: '' });
    } else {
      host.leave?.();
    }
  } else {
    return;
  }
  event.preventDefault();
}

/** Frames that a change may take until it is drawn. */
const FRAMES = 20;

function focusWhenDrawn(
  find: () => HTMLElement | null | undefined,
  frames = FRAMES
): void {
  requestAnimationFrame(() => {
    const found = find();
    if (found) {
      found.focus();
    } else if (frames > 0) {
      focusWhenDrawn(find, frames - 1);
    }
  });
}

/** Where the keyboard is in the list or graph that is open, or the details that stand in place of it. */
function cursorOf(root: HTMLElement | null): HTMLElement | null {
  const cursor = root?.querySelector<HTMLElement>('[data-kfp-cursor]') ?? null;
  return cursor?.closest('.jp-mod-behind') ? detailOf(root) : cursor;
}

function detailOf(root: HTMLElement | null): HTMLElement | null {
  return root?.querySelector<HTMLElement>('[data-kfp-detail]') ?? null;
}

/** The row of a task that was just chosen, or its details; null until both are drawn. */
function shownTask(root: HTMLElement | null, task: string): HTMLElement | null {
  const row = root?.querySelector<HTMLElement>('[data-kfp-cursor]');
  return row?.dataset.kfpCursor === task &&
    detailOf(root)?.dataset.kfpDetail === task
    ? cursorOf(root)
    : null;
}

function focusTab(root: HTMLElement | null, tab: RunTab): void {
  focusWhenDrawn(() => root?.querySelector<HTMLElement>(`[data-tab="${tab}"]`));
}
