import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

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
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
