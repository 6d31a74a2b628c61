import { CommandRegistry } from '@lumino/commands';

/** Name of the attribute that keeps Lumino from looking at a key pressed in an element. */
const SUPPRESS = 'data-lm-suppress-shortcuts';
/** Roots inside which no key may reach the notebook. */
const ROOT = '.jp-KfpRun';

/**
 * Keep the notebook's own keys away from what has the focus inside a run: without it, D D on a button would delete the cell.
 *
 * #### Notes
 * Bindings match the focused element first, so the attribute has to stand on the target of the event itself and before Lumino looks: this
 * listens in the capture phase of the window, which comes before both JupyterLab (bubble phase) and Notebook 7 (capture phase of the
 * document). Keys of the page, such as saving, go through.
 *
 * @returns a function that ends it.
 */
export function guardKeys(
  commands: Pick<CommandRegistry, 'keyBindings'>
): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target;
    if (!(target instanceof Element)) {
      return;
    }
    if (!target.closest(ROOT)) {
      return;
    }
    if (isNotebookKey(event, commands)) {
      target.setAttribute(SUPPRESS, 'true');
    } else {
      target.removeAttribute(SUPPRESS);
    }
  };
  const onBubble = (event: KeyboardEvent): void => {
    const target = event.target;
    // what the view did not need must not be seen by listeners above it either
    if (
      target instanceof Element &&
      target.closest(ROOT) &&
      target.hasAttribute(SUPPRESS)
    ) {
      event.stopPropagation();
    }
  };
  window.addEventListener('keydown', onKeyDown, true);
  document.body.addEventListener('keydown', onBubble);
  return () => {
    window.removeEventListener('keydown', onKeyDown, true);
    document.body.removeEventListener('keydown', onBubble);
  };
}

/** Whether a key would do something to the notebook: every key without Ctrl or Cmd, and each that a notebook binding has. */
export function isNotebookKey(
  event: KeyboardEvent,
  commands: Pick<CommandRegistry, 'keyBindings'>
): boolean {
  if (!event.ctrlKey && !event.metaKey) {
    return true;
  }
  const stroke = CommandRegistry.keystrokeForKeydownEvent(event);
  return commands.keyBindings.some(
    ({ keys, selector }) =>
      keys[0] === stroke && selector.includes('.jp-Notebook')
  );
}
