import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ConnectionRef, PlanAnswer, RunKey } from 'jupyterlab-kfp-model';
import * as React from 'react';

import type { Clock } from './clock';
import type { RunModel } from './run-model';
import type { IViewSizes } from './view-sizes';

/** What the place that holds a view can do for it. A missing function hides the action. */
export interface IRunHost {
  /** Open the run in a tab of its own. */
  openInTab?(key: RunKey, tab?: string, task?: string): void;
  /** The connection through which a run is reached that a document names; null when none leads to its service. */
  connectionOf?(
    service: Pick<ConnectionRef, 'profile' | 'fingerprint'>
  ): Promise<string | null>;
  /** Go to a line of a cell of this notebook. */
  jumpToLine?(cellId: string | undefined, line: number): void;
  /** Insert a cell below with this source. */
  insertBelow?(source: string): void;
  /** Open the form of a run of a compiled pipeline. */
  runDraft?(digest: string): void;
  /** Say what a run of a compiled pipeline would do; a text says why that cannot be said. */
  planDraft?(digest: string): Promise<PlanAnswer | string>;
  /** The text of a compiled pipeline. */
  draftText?(digest: string): Promise<{ readonly text: string }>;
  /** Choose the connection that a run is read through which was made elsewhere. */
  chooseConnection?(model: RunModel): void;
  /** Give the focus back to the cell. */
  leave?(): void;
  /** Begin to read the live run of an output that contacts nothing by itself. */
  connect?(): void;
  /** The cells that a run came from as they are now. */
  sources?(model: RunModel): readonly string[];
  /** Execute the cell once more. */
  runCell?(): void;
  /** The commands of the application. */
  readonly commands?: IRunCommands;
}

/** The part of the commands of the application that views use. */
export type IRunCommands = Pick<
  CommandRegistry,
  'hasCommand' | 'isEnabled' | 'isToggled' | 'execute'
>;

/** What every part of the view of a run needs besides the run. */
export interface IRunEnvironment {
  readonly trans: TranslationBundle;
  readonly clock: Clock;
  readonly host: IRunHost;
  /** `cell` is a part of a notebook, `document` fills a tab. */
  readonly layout: 'cell' | 'document';
  /** Whether the document is trusted; without it only the saved picture is shown. */
  readonly trusted: boolean;
  /** Renders Markdown artifacts; null where the application has no renderers. */
  readonly rendermime: IRenderMimeRegistry | null;
  /** Lines of a log kept in the page. */
  readonly logLines: number;
  /** How large the reader made the parts of views. */
  readonly sizes: IViewSizes;
}

const Context = React.createContext<IRunEnvironment | null>(null);

/** Gives the environment to everything below. */
export function RunEnvironmentProvider(props: {
  readonly value: IRunEnvironment;
  readonly children: React.ReactNode;
}): JSX.Element {
  return (
    <Context.Provider value={props.value}>{props.children}</Context.Provider>
  );
}

/** The environment of the view; throws outside of one, which is a mistake in the code. */
export function useRunEnvironment(): IRunEnvironment {
  const value = React.useContext(Context);
  if (!value) {
    throw new Error('A part of the run view was drawn outside of it.');
  }
  return value;
}

/**
 * Draw again when a model changes, at most once per frame.
 *
 * #### Notes
 * Frames stop in a hidden page, so a hidden page draws nothing.
 */
export function useRunModel(model: RunModel): RunModel {
  const [, setVersion] = React.useState(0);
  React.useEffect(() => {
    let frame = 0;
    const onChanged = (): void => {
      if (frame === 0) {
        frame = requestAnimationFrame(() => {
          frame = 0;
          setVersion(version => version + 1);
        });
      }
    };
    model.changed.connect(onChanged);
    onChanged(); // what happened between the first drawing and now
    return () => {
      cancelAnimationFrame(frame);
      model.changed.disconnect(onChanged);
    };
  }, [model]);
  return model;
}

/** Draw again when any of several models changes, at most once per frame; the number tells one picture from the next. */
export function useAnyChange(models: readonly RunModel[]): number {
  const [version, setVersion] = React.useState(0);
  React.useEffect(() => {
    let frame = 0;
    const onChanged = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setVersion(known => known + 1);
      });
    };
    models.forEach(model => model.changed.connect(onChanged));
    return () => {
      cancelAnimationFrame(frame);
      models.forEach(model => model.changed.disconnect(onChanged));
    };
  }, [models]);
  return version;
}

/** The time that durations of a run are read at: it moves with the picture, and stands where the picture does. */
export function useRunNow(model: RunModel, isMoving: boolean): number {
  const { seenAt } = model;
  const now = useNow(isMoving && seenAt === null);
  return seenAt ?? now;
}

/** The time in milliseconds, moving every second while something is under way. */
export function useNow(isMoving: boolean): number {
  const { clock } = useRunEnvironment();
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    if (!isMoving) {
      return;
    }
    setNow(Date.now());
    return clock.read(setNow);
  }, [clock, isMoving]);
  return now;
}
