import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import typescript from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['lib/', 'node_modules/', 'style/', 'eslint.config.mjs']),
  js.configs.recommended,
  typescript.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.test.json' } },
    rules: {
      // What a user can name is text, never markup; and the console is the user's.
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map(property => ({
          property,
          message: 'Build elements and set textContent: names and errors are data.'
        }))
      ],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 50, skipComments: true }],
      // A number in a text is written as it is.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A signal is given a method together with the object that it is called on.
      '@typescript-eslint/unbound-method': 'off',
      // `async` states what a function answers with, whether or not it waits inside.
      '@typescript-eslint/require-await': 'off',
      // Tokens of JupyterLab's services are interfaces and values of one name.
      '@typescript-eslint/no-redeclare': 'off'
    }
  },
  {
    files: ['test/**'],
    // A suite is one long function by nature.
    rules: { 'max-lines-per-function': 'off' }
  }
);
