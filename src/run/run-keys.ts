import type { KeyboardEvent } from 'react';

import type { IRunEnvironment } from './environment';
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
      target.blur();
    }
    return;
  }
  const { model, environment, root } = context;
  const { host } = environment;
  const key = event.key.toLowerCase();
  const tab = TAB_KEYS[key];
  if (tab) {
    model.choose({ tab });
    focusTab(root, tab);
  } else if (key === 'x') {
    const failed = model.view && firstFailure(model.view);
    if (failed) {
      model.choose({ tab: 'tasks', task: failed.id });
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
  } else if (key === 'escape') {
    if (model.choices.task) {
      model.choose({ task: '' });
      focusTab(root, model.choices.tab);
    } else {
      host.leave?.();
    }
  } else {
    return;
  }
  event.preventDefault();
}

function focusTab(root: HTMLElement | null, tab: RunTab): void {
  requestAnimationFrame(() =>
    root?.querySelector<HTMLElement>(`[data-tab="${tab}"]`)?.focus()
  );
}
