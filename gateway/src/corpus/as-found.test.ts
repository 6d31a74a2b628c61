import { corpusPass } from './pass.ts';

corpusPass('the corpus with what this machine offers', {
  // No containers: their images would have to be pulled. `isolation/container.test.ts` runs some of its own.
  env: { JUPYTERLAB_KFP_ISOLATION: 'namespace' },
  canMount: true,
  parallel: 4
});
