import { CommandRegistry } from '@lumino/commands';

import { guardKeys } from './key-guard';

const SELECTOR =
  '.jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus';

/** Codes of keys that make another sign with Shift, or none. */
const KEY_CODES: Readonly<Record<string, number>> = {
  Enter: 13,
  ArrowDown: 40,
  _: 173
};

describe.each([
  ['bubble phase, as in JupyterLab', false],
  ['capture phase, as in Notebook 7', true]
])('guardKeys with commands in the %s', (_, isCapture) => {
  let commands: CommandRegistry;
  let ran: string[];
  let heard: string[];
  let release: () => void;
  const listen = (event: KeyboardEvent): void => {
    heard.push(event.key);
  };
  const dispatch = (event: KeyboardEvent): void =>
    commands.processKeydownEvent(event);

  beforeEach(() => {
    ran = [];
    heard = [];
    commands = new CommandRegistry();
    for (const [id, keys, selector] of [
      ['delete-cell', ['D'], SELECTOR],
      ['delete-cell-at-once', ['Ctrl D', 'D'], SELECTOR],
      ['split-cell', ['Ctrl Shift -'], SELECTOR],
      ['move-cell-down', ['Ctrl Shift ArrowDown'], SELECTOR],
      ['merge-cells', ['Shift M'], SELECTOR],
      ['run-cell', ['Accel Enter'], SELECTOR],
      ['run-and-go-on', ['Shift Enter'], SELECTOR],
      ['run-and-insert', ['Alt Enter'], SELECTOR],
      ['save', ['Accel S'], 'body'],
      ['palette', ['Accel Shift C'], 'body']
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
    document.addEventListener('keydown', listen);
  });

  afterEach(() => {
    document.removeEventListener('keydown', dispatch, isCapture);
    document.removeEventListener('keydown', listen);
    release();
  });

  /** Press keys as they are written in a binding; the key itself is the sign it makes. */
  const press = (id: string, stroke: string): void => {
    const parts = stroke.split(' ');
    const key = parts.pop() ?? '';
    const element = document.getElementById(id);
    element?.focus();
    element?.dispatchEvent(
      new KeyboardEvent('keydown', {
        key,
        keyCode: KEY_CODES[key] ?? key.toUpperCase().charCodeAt(0),
        ctrlKey: parts.includes('Ctrl'),
        shiftKey: parts.includes('Shift'),
        altKey: parts.includes('Alt'),
        bubbles: true,
        cancelable: true
      })
    );
  };

  it.each([
    'd',
    'Shift M',
    'Shift Enter',
    'Alt Enter',
    'Ctrl Enter',
    'Ctrl Shift _',
    'Ctrl Shift ArrowDown',
    'Ctrl d'
  ])('keeps %s away from a notebook while a run has the focus', stroke => {
    press('inside', stroke);
    press('inside', 'd');
    expect(ran).toEqual([]);
    // nor does anything above the page hear it
    expect(heard).toEqual([]);
  });

  it('lets the keys of the page through', () => {
    press('inside', 'Ctrl s');
    press('inside', 'Ctrl Shift C');
    expect(ran).toEqual(['save', 'palette']);
  });

  it('lets a key of the page through after one of the notebook on the same button', () => {
    press('inside', 'd');
    press('inside', 'Ctrl s');
    expect(ran).toEqual(['save']);
  });

  it('leaves the rest of the notebook alone', () => {
    press('outside', 'd');
    expect(ran).toEqual(['delete-cell']);
  });
});
