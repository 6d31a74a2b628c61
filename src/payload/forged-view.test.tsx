import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { createRoot } from 'react-dom/client';

import { Clock } from '../run/clock';
import { ViewSizes } from '../run/view-sizes';
import { RunModel, type RunTab } from '../run/run-model';
import { RunView } from '../run/run-view';
import { parseRunPayload } from './parse-payload';
import { FULL_PAYLOAD, places, withValue } from '../testing/payloads';
import { viewOfEntry } from './saved-view';

// its worker is no module of tests; nothing of a payload stands in a log
jest.mock('../run/logs/logs-tab', () => ({ LogsTab: () => null }));

const TABS: readonly RunTab[] = [
  'summary',
  'graph',
  'tasks',
  'timeline',
  'results',
  'inputs'
];
const WRONG: readonly unknown[] = [
  -1e308,
  1e308,
  '',
  '<script>window.kfpHacked = 1</script>',
  '__proto__',
  '9999999 -1 x',
  '9999-99-99T99:99:99Z',
  {},
  []
];

function modelOf(payload: unknown): RunModel | null {
  const read = parseRunPayload(payload);
  if (!read) {
    return null;
  }
  const [entry] = read.runs;
  return new RunModel({
    saved: {
      view: viewOfEntry(entry, read.graphs),
      final: entry.snapshot.final,
      observedAt: entry.snapshot.observed_at ?? entry.submitted_at
    }
  });
}

/** Draw what a notebook holds, in every tab; whatever goes wrong is thrown. */
function draw(payload: unknown): string | null {
  const model = modelOf(payload);
  if (!model) {
    return null;
  }
  const place = document.createElement('div');
  const root = createRoot(place);
  try {
    React.act(() =>
      root.render(
        <RunView
          model={model}
          environment={{
            trans: nullTranslator.load('jupyterlab_kfp'),
            clock: new Clock(),
            sizes: new ViewSizes(null),
            rendermime: null,
            trusted: false,
            layout: 'cell',
            logLines: 1000,
            host: {}
          }}
        />
      )
    );
    for (const tab of TABS) {
      React.act(() => model.choose({ tab }));
    }
    expect(place.querySelectorAll('script, img, a')).toHaveLength(0);
    return place.innerHTML;
  } finally {
    React.act(() => root.unmount());
    model.dispose();
  }
}

describe('the view of a forged payload', () => {
  it('is drawn in every tab, whatever stands in any field', () => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    expect(draw(FULL_PAYLOAD)).toContain('train-1');
    const faults: string[] = [];
    let drawn = 0;
    for (const path of places(FULL_PAYLOAD)) {
      for (const value of WRONG) {
        try {
          const html = draw(withValue(FULL_PAYLOAD, path, value));
          if (html !== null) {
            drawn += 1;
            expect(html.match(/NaN|Infinity|undefined|\[object/)).toBeNull();
          }
        } catch (fault) {
          faults.push(`${path.join('.')} = ${JSON.stringify(value)}: ${fault}`);
        }
      }
    }
    expect(faults).toEqual([]);
    expect(drawn).toBeGreaterThan(100);
  });
});
