/** The search by pattern, in a thread of its own: a pattern may take for ever, and then the thread is ended. */

/** What the thread is asked. */
export interface ISearchQuestion {
  readonly id: number;
  readonly pattern: string;
  readonly lines: readonly string[];
}

/** Where in a line something stands: from one character up to another. */
export type SearchRange = readonly [from: number, to: number];

/** What it answers: where each of the lines matches first; null where it does not. */
export interface ISearchAnswer {
  readonly id: number;
  readonly matches: readonly (SearchRange | null)[];
}

self.addEventListener('message', (event: MessageEvent<ISearchQuestion>) => {
  const { id, pattern, lines } = event.data;
  const regex = new RegExp(pattern, 'i');
  const answer: ISearchAnswer = {
    id,
    matches: lines.map(line => {
      const found = regex.exec(line);
      return found && [found.index, found.index + found[0].length];
    })
  };
  self.postMessage(answer);
});
