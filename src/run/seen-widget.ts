import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';

import { isPageSeen, whenPageSeen } from '../page-sight';

/**
 * A widget that is drawn only while somebody can see the page; what happened meanwhile is drawn at once on the return.
 *
 * #### Notes
 * Lumino hands on its messages and React does its work in hidden pages, too; only frames stop there.
 */
export abstract class SeenWidget extends ReactWidget {
  override dispose(): void {
    this._callOff?.();
    super.dispose();
  }

  protected override onUpdateRequest(msg: Message): void {
    if (isPageSeen()) {
      super.onUpdateRequest(msg);
      return;
    }
    this._callOff ??= whenPageSeen(() => {
      this._callOff = null;
      this.update();
    });
  }

  private _callOff: (() => void) | null = null;
}
