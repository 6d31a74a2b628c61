import type { BrowserContext, WebSocketRoute } from '@playwright/test';

/** The watch socket of the pages of a context, with the hand on the plug. */
export class Wire {
  /** Frames that the pages sent since the last `forget`. */
  readonly sent: string[] = [];
  /** Whether a new socket is refused, as a proxy without sockets refuses it. */
  isRefused = false;
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
      server.send(message);
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
