import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import {
  DEFAULT_SETTINGS,
  IKfpSettingsSource,
  type IKfpSettings
} from '../tokens';

const ID = 'jupyterlab-kfp:settings';

/** Reads the settings of the user; without a registry the defaults hold. */
export const settingsPlugin: JupyterFrontEndPlugin<IKfpSettingsSource> = {
  id: ID,
  description: 'Provides the settings of the Kubeflow Pipelines extension.',
  autoStart: true,
  optional: [ISettingRegistry],
  provides: IKfpSettingsSource,
  activate: (
    _app: JupyterFrontEnd,
    registry: ISettingRegistry | null
  ): IKfpSettingsSource => {
    let current = DEFAULT_SETTINGS;
    const read = (settings: ISettingRegistry.ISettings): void => {
      current = {
        ...DEFAULT_SETTINGS,
        ...(settings.composite as Partial<IKfpSettings>)
      };
    };
    const ready = registry
      ? registry
          .load(ID)
          .then(settings => {
            read(settings);
            settings.changed.connect(read);
          })
          .catch((reason: unknown) => {
            console.error(
              `The settings of ${ID} cannot be read; the defaults hold.`,
              reason
            );
          })
      : Promise.resolve();
    return {
      get current() {
        return current;
      },
      ready
    };
  }
};
