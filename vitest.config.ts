import { defineConfig } from 'vitest/config'

// Tests run from sources: the condition @hindcast/source of every package's exports.
const source = '@hindcast/source'
const kafka = '**/{test/kafka,kafka-store/test/broker}/**/*.test.ts'
const sql = '**/{test/sql,projections/test/sql,test/projections,test/rolling}/**/*.test.ts'
const sqlSetup = './test/servers/sql-setup.ts'
/** They wait more than they work; the unit tests come first, since they do not. */
const waiting = { maxWorkers: 3, sequence: { groupOrder: 1 } }

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source, 'node'] } },
  test: {
    // Limits of time, here and below, end what hangs; a busy machine must not reach them.
    expect: { poll: { timeout: 40_000 } },
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    reporters: ['default', './scripts/tests/reporter.mjs'],
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [kafka, sql],
          testTimeout: 180_000,
          maxWorkers: 2,
          // Loading the sources anew for each file takes longer than the tests of most of them.
          isolate: false,
        },
      },
      {
        // Against a real broker, which is started when one of these tests runs.
        extends: true,
        test: {
          name: 'kafka',
          include: [kafka],
          globalSetup: ['./test/servers/kafka-setup.ts', sqlSetup],
          testTimeout: 240_000,
          ...waiting,
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
          globalSetup: sqlSetup,
          testTimeout: 300_000,
          ...waiting,
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
