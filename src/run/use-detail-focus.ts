import * as React from 'react';

/**
 * Keep the focus in the body of a run: it goes to the details of a task when they take the place of the list that had it, and back to
 * the list when details that had it are closed.
 *
 * @param task - id of the task whose details are shown; empty when none are.
 */
export function useDetailFocus(
  body: React.RefObject<HTMLElement>,
  task: string,
  isBehind: boolean
): void {
  const find = (selector: string): HTMLElement | null =>
    body.current?.querySelector<HTMLElement>(selector) ?? null;
  const hasFocus = (selector: string): boolean =>
    find(selector)?.contains(document.activeElement) ?? false;
  // asked while drawing: afterwards what had the focus may be gone
  const wasInDetail = hasFocus('[data-kfp-detail]');
  React.useLayoutEffect(() => {
    if (isBehind && hasFocus('.jp-mod-behind')) {
      find('[data-kfp-detail]')?.focus();
    } else if (task === '' && wasInDetail) {
      find('[data-kfp-cursor]')?.focus();
    }
  }, [task, isBehind]);
}
