import type {
  ISearchAnswer,
  ISearchQuestion,
  SearchRange
} from './search-worker';

/** Milliseconds that a pattern may take for the lines of one question. */
const BUDGET = 1500;

/** A pattern that took longer than it may. */
export class SlowPattern extends Error {}

/** A thread that tests lines against patterns. It is ended when a pattern takes too long, and begun anew with the next one. */
export class SearchThread {
  /** Where each of the lines matches first. Fails with `SlowPattern` when that takes too long. */
  test(
    pattern: string,
    lines: readonly string[]
  ): Promise<readonly (SearchRange | null)[]> {
    return new Promise((resolve, reject) => {
      const thread = (this._thread ??= new Worker(
        new URL('./search-worker.js', import.meta.url)
      ));
      const question: ISearchQuestion = {
        id: (this._lastId += 1),
        pattern,
        lines
      };
      const end = (): void => {
        window.clearTimeout(timer);
        thread.removeEventListener('message', take);
        thread.removeEventListener('error', fail);
      };
      const take = (event: MessageEvent<ISearchAnswer>): void => {
        if (event.data.id === question.id) {
          end();
          resolve(event.data.matches);
        }
      };
      const fail = (event: ErrorEvent): void => {
        end();
        this.dispose();
        reject(new Error(event.message || 'The thread did not start.'));
      };
      const timer = window.setTimeout(() => {
        end();
        this.dispose();
        reject(new SlowPattern());
      }, BUDGET);
      thread.addEventListener('message', take);
      thread.addEventListener('error', fail);
      thread.postMessage(question);
    });
  }

  /** End the thread; a question under way is not answered any more. */
  dispose(): void {
    this._thread?.terminate();
    this._thread = null;
  }

  private _thread: Worker | null = null;
  private _lastId = 0;
}
