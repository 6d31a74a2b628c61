/**
 * The story page: states of the view, chosen by the address and drawn from recorded pictures.
 *
 * `?story=a,b` draws these below one another; `width` is theirs in pixels; `tab` and `dir` override; with `marked` what was translated is
 * told from what was not. Without a story, all are listed.
 */
import { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { RUN_MIME_TYPE } from 'jupyterlab-kfp-model';
import { CommandIDs } from '../../src/commands/command-ids';
import * as React from 'react';
import { createRoot } from 'react-dom/client';

import { CompareView } from '../../src/compare/compare-view';
import { PipelineView } from '../../src/pipeline/pipeline-view';
import { PlainOutput } from '../../src/renderers/plain-output';
import { guardKeys } from '../../src/renderers/key-guard';
import { Clock } from '../../src/run/clock';
import type { IRunEnvironment } from '../../src/run/environment';
import { RunModel, type ICellLine, type RunTab } from '../../src/run/run-model';
import { RunView } from '../../src/run/run-view';
import { SweepView } from '../../src/run/sweep-view';
import { ViewSizes } from '../../src/run/view-sizes';
import { NOW } from './builders';
import { STORIES, type IStory } from './catalogue';
import { FORM_PIPELINE, FormStory } from './form-story';
import { wordsOf } from './marked-language';
import { FOLDERS, LOG, RecordedStore, REFUSAL } from './recorded-store';
import { SOURCE } from './source';

const query = new URLSearchParams(location.search);
const names = (query.get('story') ?? '').split(',').filter(Boolean);

// the pictures were recorded at a moment of their own; time stands still there unless it shall run
const realNow = Date.now;
const shift = NOW - realNow();
Date.now = () => (query.has('run') ? realNow() + shift : NOW);
document.documentElement.dir = query.get('dir') ?? 'ltr';

/** The cell of the runs as it is now. */
const CELL = 'def train(data):\n    return data["label"]\n';
const trans = wordsOf(query.has('marked'));
const clock = new Clock();
const sizes = new ViewSizes(null);
const stores: Record<string, RecordedStore> = {};
const calls: string[] = [];
const note =
  (name: string) =>
  (...given: unknown[]): void => {
    calls.push([name, ...given.map(each => JSON.stringify(each))].join(' '));
  };
/** Every text in what a service said. */
function textsIn(value: unknown): readonly string[] {
  return typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];
}
const ESCAPE = '\x1b';

// for the tests and the measurements
Object.assign(window, {
  kfpStories: {
    stores,
    calls,
    names: Object.keys(STORIES),
    /** What the services of all stories said: everything that nobody translates. */
    told: () => [
      ...textsIn(
        Object.values(STORIES).flatMap(({ view, views, pipeline, plain }) => [
          view?.(),
          views?.(),
          pipeline?.(),
          plain?.()
        ])
      ),
      ...textsIn(FORM_PIPELINE),
      // without its colours, whose letters would stick to the words
      ...LOG.split(ESCAPE).map(each => each.replace(/^\[[0-9;]*m/, '')),
      REFUSAL,
      ...textsIn(FOLDERS),
      SOURCE,
      CELL
    ],
    titles: Object.fromEntries(
      Object.entries(STORIES).map(([name, { title }]) => [name, title])
    )
  }
});
const commands = new CommandRegistry();
for (const id of [
  CommandIDs.newRun,
  CommandIDs.compareRuns,
  CommandIDs.notifyRun,
  CommandIDs.pinRun,
  CommandIDs.archiveRun,
  CommandIDs.openDoctor,
  CommandIDs.signIn,
  CommandIDs.deleteRun
]) {
  commands.addCommand(id, {
    describedBy: { args: { type: 'object', properties: {} } },
    execute: args => note(id)(args)
  });
}
guardKeys(commands);

function environmentOf(story: IStory): IRunEnvironment {
  return {
    trans,
    clock,
    sizes,
    host: {
      commands,
      openInTab: note('openInTab'),
      chooseConnection: () => note('chooseConnection')(),
      insertBelow: note('insertBelow'),
      jumpToLine: note('jumpToLine'),
      leave: note('leave'),
      connect: note('connect'),
      runDraft: note('runDraft'),
      planDraft: () => {
        note('planDraft')();
        return Promise.resolve('The recorded pipeline has no plan.');
      },
      draftText: () => Promise.resolve({ text: SOURCE }),
      sources: () => [CELL],
      runCell: note('runCell')
    },
    layout: story.layout ?? 'cell',
    trusted: story.untrusted !== true,
    rendermime: null,
    logLines: 20_000
  };
}

function modelOf(
  name: string,
  story: IStory,
  view: NonNullable<RunModel['view']>
): RunModel {
  const choices = {
    tab: (query.get('tab') ?? story.tab ?? 'summary') as RunTab,
    task: query.get('task') ?? story.task ?? '',
    collapsed: story.collapsed ?? false
  };
  const lineInCell = (): ICellLine => ({
    cellId: 'c',
    line: 14,
    prompt: 7
  });
  const now = Date.now();
  const model =
    story.savedAgo === undefined
      ? new RunModel({
          choices,
          lineInCell,
          store: (stores[name] ??= new RecordedStore(
            view,
            story.link ?? 'live',
            new Date(now - 5000).toISOString()
          ))
        })
      : new RunModel({
          choices,
          lineInCell,
          saved: {
            view,
            final: false,
            observedAt: new Date(now - story.savedAgo * 1000).toISOString()
          }
        });
  if (story.savedAgo === undefined) {
    model.watch(true);
  }
  model.drift = story.drift ?? null;
  if (story.drift) {
    model.history = [3, 2, 1].map(i => ({
      run_id: `5f0c1a9e-6c1f-4c55-9d4e-00000000000${i}`,
      profile: 'prod',
      fingerprint: 'f',
      name: `train-041${i}`,
      submitted_at: '2026-11-23T11:00:00Z'
    }));
  }
  return model;
}

function Story(props: { readonly name: string }): JSX.Element {
  const { name } = props;
  const story = STORIES[name];
  const environment = environmentOf(story);
  const models = React.useMemo(
    () =>
      (story.views?.() ?? (story.view ? [story.view()] : [])).map((view, i) =>
        modelOf(i ? `${name}-${i}` : name, story, view)
      ),
    [story]
  );
  if (story.form) {
    return <FormStory faults={story.form === 'faults'} trans={trans} />;
  }
  if (story.plain) {
    return (
      <PlainOutput
        trans={environment.trans}
        mimeType={RUN_MIME_TYPE}
        data={story.plain() as ReadonlyPartialJSONObject}
      />
    );
  }
  if (story.pipeline) {
    return (
      <PipelineView
        pipeline={story.pipeline()}
        environment={environment}
        drift={story.drift ?? null}
      />
    );
  }
  if (story.isComparison) {
    return (
      <CompareView
        models={models}
        environment={environment}
        choices={[{ id: 'r', text: 'train-0409 · Nov 22, 2026' }]}
        onAdd={note('onAdd')}
        onRemove={note('onRemove')}
        onInsert={() => note('onInsert')()}
      />
    );
  }
  return story.views ? (
    <SweepView models={models} environment={environment} />
  ) : (
    <RunView model={models[0]} environment={environment} />
  );
}

function Page(): JSX.Element {
  if (names.length === 0) {
    return (
      <ul>
        {Object.entries(STORIES).map(([name, story]) => (
          <li key={name}>
            <a href={`?story=${name}`}>{story.title}</a>
          </li>
        ))}
      </ul>
    );
  }
  const width = `${query.get('width') ?? 900}px`;
  return (
    <main>
      {names.map(name => (
        <section
          key={name}
          className="story"
          data-story={name}
          aria-label={name}
        >
          {names.length > 1 && <h2>{STORIES[name].title}</h2>}
          <div
            className={`story-frame ${STORIES[name].layout === 'document' ? '' : 'jp-OutputArea-output'}`}
            style={{
              width,
              ...(STORIES[name].layout === 'document'
                ? { height: `${query.get('height') ?? 560}px` }
                : {})
            }}
          >
            <Story name={name} />
          </div>
        </section>
      ))}
    </main>
  );
}

const place = document.getElementById('stories');
if (place) {
  performance.mark('kfp-render'); // where measurements begin
  createRoot(place).render(<Page />);
}
