import { defineConfig } from 'vitest/config'

// Tests run from sources: the condition @hindcast/source of every package's exports.
const source = '@hindcast/source'
const kafka = '**/{test/kafka,kafka-store/test/broker}/**/*.test.ts'
const sql = '**/{test/sql,projections/test/sql,test/projections}/**/*.test.ts'

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source, 'node'] } },
  test: {
    reporters: ['default', './scripts/tests/reporter.mjs'],
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [kafka, sql],
          testTimeout: 20_000,
        },
      },
      {
        // Against a real broker, which is started when one of these tests runs.
        extends: true,
        test: {
          name: 'kafka',
          include: [kafka],
          globalSetup: './test/kafka/global-setup.ts',
          testTimeout: 40_000,
          // They wait more than they work; the unit tests come first, since they do not.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          // Much that is provoked here is warned of.
          execArgv: ['--no-warnings'],
        },
      },
      {
        // On a PostgreSQL server that is there, and on PGlite.
        extends: true,
        test: {
          name: 'sql',
          include: [sql],
          globalSetup: './packages/projections/test/sql/global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/test/**/*.test-d.ts'],
            tsconfig: 'tsconfig.test.json',
            // Errors outside of type tests are the business of `npm run check`.
            ignoreSourceErrors: true,
          },
        },
      },
    ],
  },
})
