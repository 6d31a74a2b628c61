/** A question of the application in a test, with the answer whose button has the focus. */
export interface IAsked {
  readonly title: string;
  readonly body: string;
  readonly focused: string;
}

/** Wait for the question in front and give the answer of this name. */
export async function answerDialog(label: string): Promise<IAsked> {
  for (let n = 0; n < 100; n += 1) {
    const dialog = document.querySelector('.jp-Dialog');
    const button = [...(dialog?.querySelectorAll('button') ?? [])].find(
      each => each.textContent === label
    );
    const title = dialog?.querySelector('.jp-Dialog-header')?.textContent;
    if (title && button) {
      const asked = {
        title,
        body: dialog?.querySelector('.jp-Dialog-body')?.textContent ?? '',
        focused: document.activeElement?.textContent ?? ''
      };
      button.click();
      return asked;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  throw new Error(`Nobody asked "${label}".`);
}
