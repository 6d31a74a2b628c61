import type { BrowserContext, WebSocketRoute } from '@playwright/test';

/** A piece of a log as it comes over the wire. */
interface ILogFrame {
  readonly log: number;
  readonly offset: number;
  readonly next: number;
  readonly lost?: number;
}

/** The watch socket of the pages of a context, with the hand on the plug. */
export class Wire {
  /** Frames that the pages sent since the last `forget`. */
  readonly sent: string[] = [];
  /** Pieces of logs that the pages were sent. */
  readonly logs: ILogFrame[] = [];
  /** Whether a new socket is refused, as a proxy without sockets refuses it. */
  isRefused = false;
  /**
   * What the pages are told in place of a frame of the gateway, as another service would tell it. Whole pictures are sent after `cut`
   * while this is set.
   */
  translate: ((frame: string) => string) | null = null;
  /** Sockets that the pages asked for. */
  asked = 0;

  /** Lay hold of the sockets that are opened from now on, so call it before a page is loaded. */
  static async of(context: BrowserContext): Promise<Wire> {
    const wire = new Wire();
    await context.routeWebSocket(/jupyterlab-kfp\/api\/watch/, page =>
      wire._join(page)
    );
    return wire;
  }

  /** End the open sockets, as a network that goes away does. */
  async cut(): Promise<void> {
    const open = [...this._open];
    this._open.clear();
    for (const { page, server } of open) {
      await server.close();
      await page.close({ code: 1001 });
    }
  }

  /** Send the pages a frame that the gateway never sent. */
  say(frame: string): void {
    this._open.forEach(({ page }) => page.send(frame));
  }

  private async _join(page: WebSocketRoute): Promise<void> {
    this.asked += 1;
    if (this.isRefused) {
      await page.close({ code: 1001 });
      return;
    }
    const server = page.connectToServer();
    const joined = { page, server };
    this._open.add(joined);
    page.onMessage(message => {
      this.sent.push(String(message));
      server.send(this.translate ? withoutPlace(String(message)) : message);
    });
    server.onMessage(message => {
      const text = String(message);
      if (text.startsWith('{"op":"log",')) {
        this.logs.push(JSON.parse(text) as ILogFrame);
      }
      page.send(this.translate ? this.translate(text) : message);
    });
    server.onClose(async code => {
      this._open.delete(joined);
      await page.close({ code: code === 1000 ? 1000 : 1001 });
    });
  }

  private readonly _open = new Set<{
    readonly page: WebSocketRoute;
    readonly server: WebSocketRoute;
  }>();
}

/** A subscription that asks for the whole picture instead of what is missing. */
function withoutPlace(frame: string): string {
  return JSON.stringify(JSON.parse(frame), (key, value: unknown) =>
    key === 'epoch' || key === 'seq' ? undefined : value
  );
}
