import type { IRunStore } from './run-store';

/** Save the pipeline of a run, as it was submitted, as a file of the browser. */
export async function downloadPipeline(
  store: Pick<IRunStore, 'source'>,
  name: string
): Promise<void> {
  const { text } = await store.source();
  const url = URL.createObjectURL(new Blob([text], { type: 'text/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replace(/[^\w.-]+/g, '-') || 'pipeline'}.yaml`;
  link.click();
  // the browser reads the address after this turn
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
