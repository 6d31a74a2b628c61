import { CommandRegistry } from '@lumino/commands';

import { guardKeys } from './key-guard';

const SELECTOR =
  '.jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus';

describe.each([
  ['bubble phase, as in JupyterLab', false],
  ['capture phase, as in Notebook 7', true]
])('guardKeys with commands in the %s', (_, isCapture) => {
  let commands: CommandRegistry;
  let ran: string[];
  let release: () => void;
  const dispatch = (event: KeyboardEvent): void =>
    commands.processKeydownEvent(event);

  beforeEach(() => {
    ran = [];
    commands = new CommandRegistry();
    for (const [id, keys, selector] of [
      ['delete-cell', ['D'], SELECTOR],
      ['run-cell', ['Ctrl Enter'], SELECTOR],
      ['save', ['Ctrl S'], 'body']
    ] as const) {
      commands.addCommand(id, {
        describedBy: { args: { type: 'object', properties: {} } },
        execute: () => ran.push(id)
      });
      commands.addKeyBinding({ command: id, keys: [...keys], selector });
    }
    document.body.innerHTML =
      '<div class="jp-Notebook jp-mod-commandMode"><button id="outside"></button>' +
      '<div class="jp-KfpRun"><button id="inside"></button></div></div>';
    release = guardKeys(commands);
    document.addEventListener('keydown', dispatch, isCapture);
  });

  afterEach(() => {
    document.removeEventListener('keydown', dispatch, isCapture);
    release();
  });

  const press = (id: string, key: string, ctrlKey = false): void => {
    const element = document.getElementById(id);
    element?.focus();
    const keyCode = key === 'Enter' ? 13 : key.toUpperCase().charCodeAt(0);
    element?.dispatchEvent(
      new KeyboardEvent('keydown', {
        key,
        keyCode,
        ctrlKey,
        bubbles: true,
        cancelable: true
      })
    );
  };

  it('keeps the keys of the notebook away from a focused button of a run', () => {
    press('inside', 'd');
    press('inside', 'Enter', true);
    expect(ran).toEqual([]);
  });

  it('lets the keys of the page through', () => {
    press('inside', 's', true);
    expect(ran).toEqual(['save']);
  });

  it('leaves the rest of the notebook alone', () => {
    press('outside', 'd');
    expect(ran).toEqual(['delete-cell']);
  });
});
