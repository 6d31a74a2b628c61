import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

import { sampleTask, sampleView } from '../testing/sample-view';
import { Clock } from './clock';
import { RunEnvironmentProvider } from './environment';
import { RunModel } from './run-model';
import { useRunStateText } from './run-state-text';
import { ViewSizes } from './view-sizes';

const running = sampleView([sampleTask({ id: 'a', state: 'RUNNING' })]);

function Text(props: { readonly model: RunModel }): JSX.Element {
  return <>{useRunStateText(props.model, props.model.view)}</>;
}

function textOf(
  savedAgo: number | string,
  change: (model: RunModel) => void = () => undefined
): string {
  const model = new RunModel({
    saved: {
      view: running,
      final: false,
      observedAt:
        typeof savedAgo === 'string'
          ? savedAgo
          : new Date(Date.now() - savedAgo * 1000).toISOString()
    }
  });
  change(model);
  return renderToStaticMarkup(
    <RunEnvironmentProvider
      value={{
        trans: nullTranslator.load('jupyterlab_kfp'),
        clock: new Clock(),
        sizes: new ViewSizes(null),
        host: {},
        layout: 'cell',
        trusted: true,
        rendermime: null,
        logLines: 0
      }}
    >
      <Text model={model} />
    </RunEnvironmentProvider>
  );
}

describe('the state of a picture that was saved while running', () => {
  it('says when that was', () => {
    expect(textOf(7200)).toBe('Running when saved, 2 h ago');
    expect(textOf('rubbish')).toBe('Running when saved');
  });

  it('is that of the run for the moment in which the live one is on its way', () => {
    expect(textOf(5)).toBe('Running');
  });

  it.each([
    ['nobody may ask', (model: RunModel) => (model.isHeld = true)],
    [
      'the service cannot be reached',
      (model: RunModel) => model.block({ state: 'offline', since: '' })
    ],
    ['the reader does not want to look', (model: RunModel) => model.detach()]
  ])('is never Running where %s', (_, change) => {
    expect(textOf(5, model => void change(model))).toBe(
      'Running when saved, just now'
    );
  });

  it('is not Running for ever where the file names a moment to come', () => {
    expect(textOf(-1e9)).toBe('Running when saved, just now');
  });
});
