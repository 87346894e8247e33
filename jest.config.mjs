/** Unit and contract tests run on the TypeScript sources, under Node's own ES modules. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'node-addons'] },
  testMatch: [
    '<rootDir>/packages/*/test/**/*.test.ts',
    '<rootDir>/examples/*/test/**/*.test.ts',
    '<rootDir>/tests/**/*.test.ts',
  ],
  // What runs whole meshes mostly waits for them.
  maxWorkers: '100%',
  // The first test of a file waits for what it loads, on a machine that does other things as well.
  testTimeout: 20_000,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/packages/.*/dist/'],
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
  collectCoverageFrom: ['packages/*/src/**/*.ts', '!packages/contracts/src/generated/**'],
};
