import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@hindcast/source'] },
  ssr: { resolve: { conditions: ['@hindcast/source', 'node'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: { enabled: true, only: true, include: ['packages/*/test/**/*.test-d.ts'], tsconfig: 'tsconfig.test.json' },
        },
      },
    ],
  },
})
