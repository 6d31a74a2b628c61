/** The search by pattern, in a thread of its own: a pattern may take for ever, and then the thread is ended. */

/** What the thread is asked. */
export interface ISearchQuestion {
  readonly id: number;
  readonly pattern: string;
  readonly lines: readonly string[];
}

/** What it answers: whether each of the lines matches. */
export interface ISearchAnswer {
  readonly id: number;
  readonly matches: readonly boolean[];
}

self.addEventListener('message', (event: MessageEvent<ISearchQuestion>) => {
  const { id, pattern, lines } = event.data;
  const regex = new RegExp(pattern, 'i');
  const answer: ISearchAnswer = {
    id,
    matches: lines.map(line => regex.test(line))
  };
  self.postMessage(answer);
});
