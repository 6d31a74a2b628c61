import { LabIcon } from '@jupyterlab/ui-components';

/** Wrap the strokes of an icon of the product; `jp-icon3` takes the colour of the theme. */
function drawn(body: string): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">' +
    `<g class="jp-icon3" fill="#616161">${body}</g></svg>`
  );
}

/** The product: three steps that depend on each other. */
export const pipelinesIcon = new LabIcon({
  name: 'kfp:pipelines',
  svgstr: drawn(
    '<path d="M2 1.5h4.5v4.5H5v1.8h6V6H9.500V1.500H14V6h-1.500v3.300H8.750v1.200H10.250V15H5.750v-4.500h1.500V9.300H3.500V6H2z"/>'
  )
});

/** A run. */
export const runIcon = new LabIcon({
  name: 'kfp:run',
  svgstr: drawn(
    '<path d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.400a5.600 5.600 0 1 1 0 11.200A5.600 5.600 0 0 1 8 2.400zM6.300 5v6l5-3z"/>'
  )
});

/** End a run. */
export const stopRunIcon = new LabIcon({
  name: 'kfp:stop-run',
  svgstr: drawn('<path d="M4 4h8v8H4z"/>')
});

/** Do a run again from where it failed. */
export const retryRunIcon = new LabIcon({
  name: 'kfp:retry-run',
  svgstr: drawn(
    '<path d="M8 2.500a5.500 5.500 0 0 1 4.200 1.950V2.500h1.400v4.600H9V5.700h2.400a4.100 4.100 0 1 0 .45 3.700h1.500A5.500 5.500 0 1 1 8 2.500z"/>'
  )
});

/** A connection to a service. */
export const connectionIcon = new LabIcon({
  name: 'kfp:connection',
  svgstr: drawn(
    '<path d="M5 1.500h1.400V5h3.200V1.500H11V5h1.500v2.600A4.500 4.500 0 0 1 8.700 12v2.500H7.300V12a4.500 4.500 0 0 1-3.800-4.400V5H5zm-.1 4.900v1.200a3.100 3.100 0 0 0 6.200 0V6.400z"/>'
  )
});
