import { isFinalRunState, type RunView } from 'jupyterlab-kfp-model';

import { CommandIDs } from '../commands/command-ids';
import { perform } from '../commands/tell';
import { copyText } from './clipboard';
import type { IRunEnvironment } from './environment';
import { missingActions } from './missing-actions';
import { reportOf } from './report';
import type { RunModel } from './run-model';
import { downloadPipeline } from './download';
import { openPopupMenu, type IMenuEntry } from './popup-menu';

/** What the menu acts on. */
export interface IRunMenuContext {
  readonly model: RunModel;
  readonly view: RunView;
  readonly environment: IRunEnvironment;
  /** Ask in the header whether to run again without cache. */
  askRerun(): void;
}

/** Open the menu with everything that has no button of its own below its button. */
export function openRunMenu(
  anchor: HTMLElement,
  context: IRunMenuContext
): void {
  openPopupMenu(anchor, groups(context));
}

function groups(context: IRunMenuContext): readonly (readonly IMenuEntry[])[] {
  return [again(context), look(context), copies(context), keep(context)];
}

function again(context: IRunMenuContext): readonly IMenuEntry[] {
  const { model, view, environment } = context;
  const { trans, host, trusted } = environment;
  const { commands } = host;
  if (!trusted || !model.store) {
    return [];
  }
  const key = model.keyOf(view);
  const isFinal = isFinalRunState(view.run.state);
  const notify = { command: CommandIDs.notifyRun, args: { ...key } };
  return [
    ...(commands?.hasCommand(CommandIDs.newRun)
      ? [
          {
            label: trans.__('Run Again with Changes…'),
            go: () => {
              perform(commands, CommandIDs.newRun, {
                connection: key.connection,
                from_run: key.run_id
              });
            }
          }
        ]
      : []),
    ...(isFinal && view.capabilities.actions.includes('rerun')
      ? [
          {
            label: trans.__('Run Again without Cache'),
            go: () => context.askRerun()
          }
        ]
      : []),
    ...(!isFinal && commands?.hasCommand(notify.command)
      ? [
          {
            label: trans.__('Notify Me'),
            isOn: commands.isToggled(notify.command, notify.args),
            go: () => {
              perform(commands, notify.command, notify.args);
            }
          }
        ]
      : [])
  ];
}

function look(context: IRunMenuContext): readonly IMenuEntry[] {
  const { model, view, environment } = context;
  const { trans, host, layout } = environment;
  const { ui_url: url } = view.run;
  return [
    ...pin(context),
    ...(layout === 'cell' && host.openInTab
      ? [
          {
            label: trans.__('Open in Tab'),
            go: () => host.openInTab?.(model.keyOf(view))
          }
        ]
      : []),
    ...gotoCell(context),
    ...(url && /^https?:/.test(url)
      ? [
          {
            label: trans.__('Open in KFP UI'),
            go: () => {
              window.open(url, '_blank', 'noopener');
            }
          }
        ]
      : [])
  ];
}

function gotoCell(context: IRunMenuContext): readonly IMenuEntry[] {
  const { model, view, environment } = context;
  const { host, layout, trans } = environment;
  const { commands } = host;
  const args = { ...model.keyOf(view) };
  return layout === 'document' &&
    commands?.hasCommand(CommandIDs.gotoCell) &&
    commands.isEnabled(CommandIDs.gotoCell, args)
    ? [
        {
          label: trans.__('Jump to Cell'),
          go: () => perform(commands, CommandIDs.gotoCell, args)
        }
      ]
    : [];
}

function pin(context: IRunMenuContext): readonly IMenuEntry[] {
  const { model, view, environment } = context;
  const { commands } = environment.host;
  const args = { ...model.keyOf(view), name: view.run.name };
  return commands?.hasCommand(CommandIDs.pinRun)
    ? [
        {
          label: environment.trans.__('Pin'),
          isOn: commands.isToggled(CommandIDs.pinRun, args),
          go: () => {
            perform(commands, CommandIDs.pinRun, args);
          }
        }
      ]
    : [];
}

function copies(context: IRunMenuContext): readonly IMenuEntry[] {
  const { model, view, environment } = context;
  const { trans } = environment;
  const { run } = view;
  const { store } = model;
  return [
    ...(run.state === 'FAILED' || view.waiting
      ? [
          {
            label: trans.__('Copy Report'),
            go: () => copyText(reportOf(view))
          }
        ]
      : []),
    { label: trans.__('Copy Id'), go: () => copyText(run.run_id) },
    {
      label: trans.__('Copy Attach Cell'),
      go: () => copyText(`%kfp attach ${run.run_id}`)
    },
    ...(store && model.isWatching
      ? [
          {
            label: trans.__('Download Pipeline'),
            go: () => {
              downloadPipeline(() => store.source(), run.pipeline.name).catch(
                (reason: unknown) => {
                  model.notice = String(
                    reason instanceof Error ? reason.message : reason
                  );
                }
              );
            }
          }
        ]
      : [])
  ];
}

function keep(context: IRunMenuContext): readonly IMenuEntry[] {
  const { model, view, environment } = context;
  const { trans, host, layout } = environment;
  const { store } = model;
  const { run } = view;
  const entries: IMenuEntry[] = [];
  const actions = view.capabilities.actions;
  if (store && model.isWatching && !isFinalRunState(run.state)) {
    entries.push({ label: trans.__('Detach'), go: () => model.detach() });
  }
  if (store && model.isWatching && layout === 'document') {
    const { commands } = host;
    for (const [action, label, command] of [
      ['archive', trans.__('Archive'), CommandIDs.archiveRun],
      ['unarchive', trans.__('Unarchive'), CommandIDs.unarchiveRun],
      ['delete', trans.__('Delete…'), CommandIDs.deleteRun]
    ] as const) {
      if (actions.includes(action) && commands?.hasCommand(command)) {
        entries.push({
          label,
          go: () => {
            perform(commands, command, {
              ...model.keyOf(view),
              name: run.name
            });
          }
        });
      }
    }
  }
  for (const { question, answer } of missingActions(model, view, environment)) {
    entries.push({
      label: question,
      go: () => {
        model.notice = answer;
      }
    });
  }
  return entries;
}
