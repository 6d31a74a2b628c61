const jestJupyterLab = require('@jupyterlab/testutils/lib/jest-config');

// Packages that ship ES modules only: jest must transform them.
const esModules = [
  '@codemirror',
  '@jupyter/react-components',
  '@jupyter/web-components',
  '@jupyter/ydoc',
  '@jupyterlab/',
  '@marijn',
  '@microsoft',
  '@dagrejs',
  '@tanstack',
  'color',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

const base = jestJupyterLab(__dirname);

module.exports = {
  ...base,
  automock: false,
  roots: ['<rootDir>/src'],
  testRegex: '/src/.*\\.test\\.tsx?$',
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default'],
  modulePathIgnorePatterns: ['<rootDir>/jupyterlab_kfp/labextension'],
  transformIgnorePatterns: [`/node_modules/(?!(${esModules})).+`],
  // The built model is an ES module outside node_modules; babel turns it into what jest runs.
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^jupyterlab-kfp-model$': '<rootDir>/model/lib/index.js'
  }
};
