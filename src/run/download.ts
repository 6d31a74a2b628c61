/** Save the text of a pipeline as a file of the browser. */
export async function downloadPipeline(
  read: () => Promise<{ readonly text: string }>,
  name: string
): Promise<void> {
  const { text } = await read();
  const url = URL.createObjectURL(new Blob([text], { type: 'text/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replace(/[^\w.-]+/g, '-') || 'pipeline'}.yaml`;
  link.click();
  // the browser reads the address after this turn
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
