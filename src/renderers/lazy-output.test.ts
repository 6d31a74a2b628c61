import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';

import { LazyOutput } from './lazy-output';

/** A renderer that writes down what it was given. */
class Drawn extends Widget implements IRenderMime.IRenderer {
  readonly models: IRenderMime.IMimeModel[] = [];

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.models.push(model);
  }
}

const model = (name: string): IRenderMime.IMimeModel =>
  ({ data: { name } }) as unknown as IRenderMime.IMimeModel;

describe('the place of an output', () => {
  it('draws the newest model once the code has come, in one widget', async () => {
    const drawn = new Drawn();
    let come: (renderer: Drawn) => void = () => undefined;
    const output = new LazyOutput(
      () => new Promise(resolve => (come = resolve))
    );
    Widget.attach(output, document.body);
    const first = model('first');
    const second = model('second');
    const both = [output.renderModel(first), output.renderModel(second)];
    expect(output.node.childElementCount).toBe(0);
    come(drawn);
    await Promise.all(both);
    expect(drawn.models).not.toContain(first);
    expect(drawn.models.pop()).toBe(second);
    expect(drawn.isAttached).toBe(true);
    expect(output.node.childElementCount).toBe(1);
    output.dispose();
    expect(drawn.isDisposed).toBe(true);
  });

  it('leaves nothing behind when the output is gone before the code has come', async () => {
    const drawn = new Drawn();
    const output = new LazyOutput(async () => drawn);
    const done = output.renderModel(model('first'));
    output.dispose();
    await done;
    expect(drawn.isDisposed).toBe(true);
    expect(drawn.models).toEqual([]);
    drawn.dispose(); // once more does nothing
  });

  it('says that the code did not come, and tries again at the next change', async () => {
    const drawn = new Drawn();
    const answers = [
      Promise.reject<Drawn>(new Error('no chunk')),
      Promise.resolve(drawn)
    ];
    const output = new LazyOutput(() => answers.shift()!);
    await expect(output.renderModel(model('first'))).rejects.toThrow(
      'no chunk'
    );
    await output.renderModel(model('second'));
    expect(drawn.models).toHaveLength(1);
    output.dispose();
  });
});
