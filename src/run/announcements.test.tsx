import { nullTranslator } from '@jupyterlab/translation';
import type { LinkState, RunState, RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';
import { createRoot, type Root } from 'react-dom/client';

import { sampleView } from '../testing/sample-view';
import { useAnnouncements } from './announcements';
import { RunEnvironmentProvider, type IRunEnvironment } from './environment';

function viewOf(state: RunState, done: number): RunView {
  const view = sampleView([]);
  return {
    ...view,
    run: { ...view.run, state },
    counts: { total: 20, done, succeeded: done, by_state: {} }
  };
}

function Voice(props: {
  readonly view: RunView;
  readonly link: LinkState;
}): JSX.Element {
  const { polite, urgent } = useAnnouncements(props.view, props.link);
  return (
    <>
      <p>{polite}</p>
      <b>{urgent}</b>
    </>
  );
}

describe('what is said of a run', () => {
  let box: HTMLElement;
  let root: Root;

  beforeEach(() => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    jest.useFakeTimers();
    box = document.createElement('div');
    root = createRoot(box);
  });

  afterEach(() => {
    React.act(() => root.unmount());
    jest.useRealTimers();
  });

  const show = (view: RunView, link: LinkState = 'live'): void =>
    React.act(() =>
      root.render(
        <RunEnvironmentProvider
          value={
            { trans: nullTranslator.load('') } as unknown as IRunEnvironment
          }
        >
          <Voice view={view} link={link} />
        </RunEnvironmentProvider>
      )
    );
  const pass = (milliseconds: number): void =>
    React.act(() => {
      jest.advanceTimersByTime(milliseconds);
    });
  const polite = (): string => box.querySelector('p')?.textContent ?? '';
  const urgent = (): string => box.querySelector('b')?.textContent ?? '';

  it('is one message in five seconds, however often tasks end', () => {
    show(viewOf('RUNNING', 0));
    const said = new Set<string>();
    for (let done = 1; done <= 12; done += 1) {
      show(viewOf('RUNNING', done));
      pass(1000);
      said.add(polite());
    }
    expect([...said]).toEqual([
      'Running, 1 of 20 tasks done',
      'Running, 5 of 20 tasks done',
      'Running, 10 of 20 tasks done'
    ]);
  });

  it('is nothing for the first picture', () => {
    show(viewOf('FAILED', 20));
    pass(10_000);
    expect(polite() + urgent()).toBe('');
  });

  it('interrupts for a failure, at once', () => {
    show(viewOf('RUNNING', 0));
    show(viewOf('RUNNING', 1));
    pass(100);
    show(viewOf('FAILED', 2));
    pass(1);
    expect(urgent()).toBe('Failed, 2 of 20 tasks succeeded');
    expect(polite()).toBe('');
  });

  it('interrupts once when a sign-in is needed', () => {
    show(viewOf('RUNNING', 0));
    show(viewOf('RUNNING', 0), 'sign-in');
    expect(urgent()).toBe('Sign-in needed');
    show(viewOf('RUNNING', 1), 'live');
    pass(1);
    expect(urgent()).toBe('');
  });
});
