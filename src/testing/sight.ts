/** Makes the page of a test seen or hidden, as another tab in front does. */
export class Sight {
  constructor() {
    this._spy = jest
      .spyOn(document, 'visibilityState', 'get')
      .mockImplementation(() => this._state);
  }

  /** Put the page in front, or another one. */
  set(state: DocumentVisibilityState): void {
    this._state = state;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }

  /** Give the page back as it was. */
  restore(): void {
    this._spy.mockRestore();
  }

  private _state: DocumentVisibilityState = 'visible';
  private readonly _spy: jest.SpyInstance;
}
