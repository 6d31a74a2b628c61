import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-plugin-prettier/recommended';
import tseslint from 'typescript-eslint';

/** The plugin's own recommendation, with every warning made an error. */
const jupyterRules = jupyter.configs.recommended.map(part => ({
  ...part,
  rules: Object.fromEntries(
    Object.entries(part.rules ?? {}).map(([name, level]) => [
      name,
      level === 'warn' ? 'error' : level
    ])
  )
}));

/** One direction of dependence (CONTRIBUTING.md): who may not import what. */
const boundary = (files, patterns) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: patterns.map(([group, message]) => ({ group, message }))
      }
    ]
  }
});

const jupyterInGateway = [
  ['@jupyterlab/*', '@lumino/*', 'react', 'react-dom'],
  'The gateway knows nothing of Jupyter.'
];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/lib/**',
      '.venv/**',
      'jupyterlab_kfp/labextension/**',
      'jupyterlab_kfp/node/**',
      'ui-tests/**/*.js',
      'ui-tests/test-results/**',
      'ui-tests/playwright-report/**',
      '**/*.js',
      '**/*.d.ts'
    ]
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  { plugins: { jupyter } },
  ...jupyterRules,
  {
    files: ['{src,model,gateway}/**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { args: 'none', ignoreRestSiblings: true }
      ],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'prefer-arrow-callback': 'error',
      'no-console': ['error', { allow: ['error', 'warn'] }],
      'no-control-regex': 'off'
    }
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ]
    }
  },
  {
    files: ['**/*.test.{ts,tsx}'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' }
  },
  {
    files: ['{scripts,benchmarks,gateway,ui-tests}/**/*.{mjs,ts}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly' }
    }
  },
  boundary(
    ['src/**/*.{ts,tsx}'],
    [
      [
        ['jupyterlab-kfp-gateway', '**/gateway/src/**'],
        'Views share only the model with the gateway.'
      ],
      [['@jupyterlab/*/*', '!@jupyterlab/*/style'], 'Use package entry points.']
    ]
  ),
  boundary(
    ['model/src/**/*.ts'],
    [
      [
        ['node:*', 'jupyterlab-kfp*', '@jupyterlab/*', 'react'],
        'The model is pure.'
      ]
    ]
  ),
  boundary(['gateway/src/**/*.ts'], [jupyterInGateway]),
  boundary(
    ['gateway/src/local/**/*.ts'],
    [
      jupyterInGateway,
      [
        ['**/connections/*', '**/upstream/kfp*/*', '**/watch/*'],
        'The local service stands alone; server.ts wires it.'
      ]
    ]
  ),
  boundary(
    ['gateway/src/upstream/**/*.ts'],
    [
      jupyterInGateway,
      [['**/local/*', '**/local/**'], 'Backends do not know each other.']
    ]
  ),
  boundary(
    ['gateway/src/connections/**/*.ts'],
    [
      jupyterInGateway,
      [['**/local/**', '**/upstream/kfp*/**'], 'server.ts wires connections.']
    ]
  ),
  // Only the labextension has a translator: the others speak English or, as fixtures for pictures do, hold words that are data.
  {
    files: ['{gateway,model,scripts,ui-tests}/**/*.{ts,tsx,mjs}'],
    rules: { 'jupyter/no-untranslated-string': 'off' }
  },
  // Tests of one room may stand on another.
  {
    files: ['gateway/**/*.test.ts'],
    rules: { 'no-restricted-imports': 'off' }
  },
  { files: ['model/**/*.test.ts'], rules: { 'no-restricted-imports': 'off' } },
  prettier
);
