import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CopyButton } from './copy-button';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { useSource } from './use-source';
import type { IVolume } from './volumes';
import { Name } from './name';

/** The volumes that the tasks of a run mount, as its pipeline asks for them. */
export function VolumesTab(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element {
  const { view } = props;
  const { trans } = useRunEnvironment();
  const { text, problem } = useSource(props.model);
  const [volumes, setVolumes] = React.useState<readonly IVolume[] | null>(null);
  const { store } = props.model;
  const isLocal = view.run.connection.flavour === 'local';
  const [folders, setFolders] = React.useState<Folders>(null);
  React.useEffect(() => {
    let isCurrent = true;
    if (isLocal && store) {
      store
        .volumeFolders()
        .then(found => {
          if (isCurrent) {
            setFolders(
              new Map(found.map(({ name, folder }) => [name, folder]))
            );
          }
        })
        .catch(reason =>
          console.error('The folders of the volumes could not be read.', reason)
        );
    }
    return () => {
      isCurrent = false;
    };
    // a task may make or remove one
  }, [store, isLocal, view.run.state, view.counts.done]);
  React.useEffect(() => {
    let isCurrent = true;
    if (text !== null) {
      // the reader of pipelines is large and only needed here
      void import('./volumes').then(({ volumesOf }) => {
        if (isCurrent) {
          setVolumes(volumesOf(text, view));
        }
      });
    }
    return () => {
      isCurrent = false;
    };
  }, [text, view.tasks]);
  if (volumes === null || volumes.length === 0) {
    return (
      <p className="jp-KfpEmpty">
        {volumes
          ? trans.__('The tasks of this run mount no volumes.')
          : problem ||
            (props.model.isWatching
              ? trans.__('Loading the volumes…')
              : trans.__('The volumes are shown when the run is connected.'))}
      </p>
    );
  }
  return (
    <div className="jp-KfpInputs">
      <table className="jp-KfpTable">
        <thead>
          <tr>
            <th scope="col">{trans.__('Volume')}</th>
            <th scope="col">{trans.__('Kind')}</th>
            <th scope="col">{trans.__('Size')}</th>
            <th scope="col">{trans.__('Mounted by')}</th>
            {folders && <th scope="col">{trans.__('Folder')}</th>}
          </tr>
        </thead>
        <tbody>
          {volumes.map(volume => (
            <tr key={`${volume.kind}/${volume.name}`}>
              <th scope="row">
                <Name>{volume.name}</Name>
              </th>
              <td>{volumeWord(volume.kind, trans)}</td>
              <td>{volume.size ?? ''}</td>
              <td>
                {volume.mounts.map(({ component, path }) => (
                  <div key={`${component}${path}`}>
                    {component} <code>{path}</code>
                  </div>
                ))}
              </td>
              {folders && (
                <td>
                  <Folder volume={volume} folder={folders.get(volume.name)} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Folders by the names of their claims; null where there are none, or none are known yet. */
type Folders = ReadonlyMap<string, string> | null;

/** Where a volume of the local service is on this machine. */
function Folder(props: {
  readonly volume: IVolume;
  readonly folder: string | undefined;
}): JSX.Element | null {
  const { volume, folder } = props;
  const { trans } = useRunEnvironment();
  if (volume.kind !== 'claim') {
    return null;
  }
  return folder === undefined ? (
    <span className="jp-KfpDetail-quiet">{trans.__('not there')}</span>
  ) : (
    <>
      <code>{folder}</code>{' '}
      <CopyButton label={trans.__('Copy')} text={() => folder} />
    </>
  );
}

function volumeWord(kind: IVolume['kind'], trans: TranslationBundle): string {
  switch (kind) {
    case 'claim':
      return trans.__('persistent volume claim');
    case 'secret':
      return trans.__('secret');
    case 'config-map':
      return trans.__('config map');
    case 'empty':
      return trans.__('empty folder');
    case 'ephemeral':
      return trans.__('ephemeral volume');
  }
}
