import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { PanelLayout, Widget } from '@lumino/widgets';

/** Makes the widget that draws. */
export type LoadRenderer = () => Promise<IRenderMime.IRenderer>;

/**
 * The place of an output of ours: there at once, as JupyterLab wants it, and filled as soon as the code that draws has come.
 *
 * #### Notes
 * Most pages never show such an output, so they never load that code.
 */
export class LazyOutput extends Widget implements IRenderMime.IRenderer {
  constructor(load: LoadRenderer) {
    super();
    this.addClass('jp-KfpOutput');
    this.layout = new PanelLayout();
    this._load = load;
  }

  /** Bring the picture up to date with the output. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._newest = model;
    this._loading ??= this._fill();
    let renderer: IRenderMime.IRenderer | null;
    try {
      renderer = await this._loading;
    } catch (reason) {
      this._loading = null; // the next change of the output tries again
      throw reason;
    }
    // a newer model may have come while the code did
    await renderer?.renderModel(this._newest);
  }

  private async _fill(): Promise<IRenderMime.IRenderer | null> {
    const renderer = await this._load();
    if (this.isDisposed) {
      renderer.dispose();
      return null;
    }
    (this.layout as PanelLayout).addWidget(renderer);
    return renderer;
  }

  private readonly _load: LoadRenderer;
  private _loading: Promise<IRenderMime.IRenderer | null> | null = null;
  private _newest!: IRenderMime.IMimeModel;
}
