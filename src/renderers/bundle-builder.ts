/** A chunk of its own: needed only in notebooks with a run that goes on. */
export { buildRunBundle } from 'jupyterlab-kfp-model';
