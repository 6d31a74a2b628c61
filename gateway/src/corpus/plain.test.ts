import { corpusPass } from './pass.ts';

corpusPass('the corpus with plain processes and one worker', {
  env: {
    JUPYTERLAB_KFP_ISOLATION: 'process',
    JUPYTERLAB_KFP_FORK_SERVER: 'off',
    JUPYTERLAB_KFP_MAX_TASKS: '1'
  },
  canMount: false,
  parallel: 2
});
