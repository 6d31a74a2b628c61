import { Widget } from '@lumino/widgets';
import * as React from 'react';

import type { IRunStore } from '../run/run-store';
import { RunModel } from '../run/run-model';
import { sampleView } from '../testing/sample-view';
import { Sight } from '../testing/sight';
import { WatchingContent } from './watching-content';

/** A tab with one run, and what it asks of the run's store. */
class Tab extends WatchingContent {
  readonly asked: string[] = [];
  readonly model = new RunModel({
    store: {
      key: { connection: 'local', run_id: 'r' },
      view: sampleView([]),
      link: null,
      changed: { connect: () => true, disconnect: () => true },
      open: (visible: boolean) => {
        this.asked.push(`open ${visible}`);
        return {
          isDisposed: false,
          look: (isVisible: boolean) => this.asked.push(`look ${isVisible}`),
          dispose: () => this.asked.push('close')
        };
      }
    } as unknown as IRunStore
  });

  protected override get models(): readonly RunModel[] {
    return [this.model];
  }

  protected override render(): JSX.Element {
    return <i />;
  }
}

it('watches a run while its tab is in sight, and leaves alone what the reader let go of', () => {
  const sight = new Sight();
  const tab = new Tab();
  Widget.attach(tab, document.body);
  sight.set('hidden');
  sight.set('visible');
  expect(tab.asked).toEqual(['open true', 'look false', 'look true']);
  tab.model.detach();
  tab.asked.length = 0;
  sight.set('hidden');
  sight.set('visible');
  tab.hide();
  tab.show();
  expect(tab.asked).toEqual([]);
  tab.model.reattach();
  expect(tab.asked).toEqual(['open true']);
  tab.dispose();
  sight.restore();
});
