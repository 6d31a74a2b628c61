import { Clipboard } from '@jupyterlab/apputils';

/** Put text on the clipboard of the system. */
export function copyText(text: string): void {
  Clipboard.copyToSystem(text);
}
