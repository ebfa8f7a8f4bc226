import sortImports from 'eslint-plugin-simple-import-sort';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'docs/site/dist', 'node_modules', 'out', 'coverage', '.make'] },
  {
    files: [
      'src/**/*.{ts,tsx}',
      'bench/**/*.ts',
      'test/**/*.{ts,tsx}',
      'docs/site/**/*.ts',
      'vitest.config.ts',
      'rolldown.config.ts',
    ],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'sort-imports': sortImports },
    rules: {
      // Node's own modules, packages, then ours: one block, without blank lines.
      'sort-imports/imports': ['error', { groups: [['^\\u0000', '^node:', '^@?\\w', '^', '^\\.']] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['error', 300],
      'max-params': ['error', 4],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        {
          selector: "MemberExpression[object.name='process'][property.name='exit']",
          message: 'Only main.ts may end the process.',
        },
      ],
    },
  },
  {
    // A row of test.each has as many values as it needs.
    files: ['test/**/*.test.ts'],
    rules: { 'max-params': 'off' },
  },
  {
    files: [
      'src/cli/main.ts',
      'bench/main.ts',
      'bench/children/ebs-double.ts',
      'docs/site/.vitepress/config.ts',
      'vitest.config.ts',
      'rolldown.config.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
