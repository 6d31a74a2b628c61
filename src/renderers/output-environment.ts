import { connectionOf } from '../connections/connection-of';
import type { IRunEnvironment, IRunHost } from '../run/environment';
import {
  insertBelow,
  isPython,
  runCell,
  showLine,
  type IOutputPlace
} from './host-notebook';
import type { IRendererServices } from './renderer-services';

/** What an output does itself when its view asks for it. */
export type OutputActions = Required<
  Pick<IRunHost, 'connect' | 'chooseConnection' | 'openInTab' | 'sources'>
>;

/** What the view of an output may do: with the notebook around it where there is one. */
export function outputEnvironment(
  services: IRendererServices,
  actions: OutputActions,
  where: { readonly trusted: boolean; readonly place: IOutputPlace | null }
): IRunEnvironment {
  const { trans, workbench, rendermime, settings, commands } = services;
  const { trusted, place } = where;
  const { connect, chooseConnection, openInTab, sources } = actions;
  return {
    trans,
    clock: workbench.clock,
    rendermime,
    trusted,
    layout: 'cell',
    logLines: settings.current.logLines,
    sizes: workbench.sizes,
    host: {
      connect,
      commands,
      chooseConnection,
      openInTab,
      connectionOf: service => connectionOf(service, workbench.connections),
      ...(place
        ? {
            jumpToLine: (cellId, line) => {
              showLine(place, cellId, line).catch((reason: unknown) => {
                console.error('The line could not be shown.', reason);
              });
            },
            leave: () => place.panel.content.node.focus(),
            sources,
            runCell: () => runCell(place)
          }
        : {}),
      ...(place && !place.panel.content.model?.readOnly && isPython(place)
        ? { insertBelow: (source: string) => insertBelow(place, source) }
        : {})
    }
  };
}
