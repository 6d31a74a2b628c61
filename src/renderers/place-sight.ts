import { isPageSeen } from '../page-sight';

/** Tells whether an element can be seen: it is within what is scrolled to, and so is the page. */
export class PlaceSight {
  /**
   * @param changed - called after it may have become another
   */
  constructor(
    private readonly _node: HTMLElement,
    private readonly _changed: () => void
  ) {}

  /** Whether it can be seen now. */
  get isSeen(): boolean {
    return this._isVisible && isPageSeen();
  }

  /** Begin to look. */
  begin(): void {
    this._isVisible = typeof IntersectionObserver === 'undefined';
    if (!this._isVisible) {
      this._observer = new IntersectionObserver(entries => {
        this._isVisible = entries.some(entry => entry.isIntersecting);
        this._changed();
      });
      this._observer.observe(this._node);
    }
    document.addEventListener('visibilitychange', this._changed);
  }

  /** Look no more; then it is not seen. */
  end(): void {
    this._observer?.disconnect();
    this._observer = null;
    document.removeEventListener('visibilitychange', this._changed);
    this._isVisible = false;
  }

  private _observer: IntersectionObserver | null = null;
  private _isVisible = false;
}
