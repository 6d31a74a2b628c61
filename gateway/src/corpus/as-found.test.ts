import { corpusPass } from './pass.ts';

corpusPass('the corpus with what this machine offers', {
  env: {},
  canMount: true,
  parallel: 4
});
