import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importsOf } from '../../scripts/boundaries/imports.mjs'
import { survey } from '../../scripts/boundaries/survey.mjs'

const rooms = {
  core: { mayImport: [], outside: ['inversify'] },
  index: { mayImport: ['core'], outside: ['lmdb'] },
  store: { mayImport: ['core', 'index'], outside: [] },
}

const manifest = (room: string, more: object) => ({
  [`packages/${room}/package.json`]: JSON.stringify({
    name: `@hindcast/${room}`,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    ...more,
  }),
})

/** A workspace in which every import is right. */
const sound: Record<string, string> = {
  'package.json': JSON.stringify({
    devDependencies: { vitest: '4' },
    imports: { '#cluster': './test/dist/cluster.js' },
  }),
  'bench/src/main.ts': `import { start } from '#cluster'\nstart()`,
  ...manifest('core', {
    peerDependencies: { inversify: '8' },
    devDependencies: { '@hindcast/testing': '0' },
  }),
  ...manifest('index', { dependencies: { '@hindcast/core': '0', lmdb: '3' } }),
  ...manifest('store', { dependencies: { '@hindcast/core': '0', '@hindcast/index': '0' } }),
  'packages/store/tsconfig.json': JSON.stringify({ references: [{ path: '../core' }, { path: '../index' }] }),
  'packages/core/src/index.ts': `export { log } from './store/log.js'`,
  'packages/core/src/store/log.ts': `import { Container } from 'inversify'\nimport { join } from 'node:path'\nexport const log = [Container, join]`,
  'packages/core/test/log.test.ts': `import { it } from 'vitest'\nimport { log } from '../src/store/log.js'\nimport { log as same } from '@hindcast/core'\nit('', () => [log, same])`,
  'packages/index/test/index.test.ts': `import { suite } from '../../../test/servers/suites.js'\nsuite('', () => undefined)`,
  'packages/index/src/index.ts': `import { open } from 'lmdb'\nimport type { log } from '@hindcast/core'\nexport const index: typeof log = open`,
  'packages/store/src/index.ts': `export { index } from '@hindcast/index'`,
  'examples/bank/package.json': JSON.stringify({ dependencies: { '@hindcast/core': '0' } }),
  'examples/bank/src/main.ts': `import { log } from '@hindcast/core'\nlog.at(0)`,
}

/** What is planted, and what the check must say about it (one problem, no more). */
const violations: Array<[string, Record<string, string>, string]> = [
  [
    'an arrow that the table does not have',
    { 'packages/core/src/bad.ts': `import { index } from '@hindcast/index'\nindex` },
    `packages/core/src/bad.ts:1 '@hindcast/index' is an arrow that is not allowed: core -> index`,
  ],
  [
    'an import of a type only',
    {
      'packages/core/src/bad.ts': `\nimport type { index } from '@hindcast/index'\nexport type A = typeof index`,
    },
    `packages/core/src/bad.ts:2 '@hindcast/index' is an arrow that is not allowed: core -> index`,
  ],
  [
    'a type that is imported in place',
    { 'packages/core/src/bad.ts': `export type A = import('@hindcast/store').Store` },
    `packages/core/src/bad.ts:1 '@hindcast/store' is an arrow that is not allowed: core -> store`,
  ],
  [
    'an import at run time',
    { 'packages/index/src/bad.ts': `export const store = await import('@hindcast/store')` },
    `packages/index/src/bad.ts:1 '@hindcast/store' is an arrow that is not allowed: index -> store`,
  ],
  [
    'a module that is required',
    { 'packages/core/src/bad.ts': `export const store = require('@hindcast/store')` },
    `packages/core/src/bad.ts:1 '@hindcast/store' is an arrow that is not allowed: core -> store`,
  ],
  [
    'a re-export',
    { 'packages/core/src/bad.ts': `export * from '@hindcast/store'` },
    `packages/core/src/bad.ts:1 '@hindcast/store' is an arrow that is not allowed: core -> store`,
  ],
  [
    'a name inside the workspace that package.json does not give',
    { 'bench/src/bad.ts': `import { stop } from '#custer'\nstop()` },
    `bench/src/bad.ts:1 '#custer' is not in the imports of package.json`,
  ],
  [
    'a name of the workspace in a package',
    { 'packages/core/src/bad.ts': `import { start } from '#cluster'\nstart()` },
    `packages/core/src/bad.ts:1 '#cluster' is not in the imports of package.json`,
  ],
  [
    'a relative import into another package',
    { 'packages/index/src/bad.ts': `export { log } from '../../core/src/store/log.js'` },
    `packages/index/src/bad.ts:1 '../../core/src/store/log.js' leaves packages/index/src: import the package by its name`,
  ],
  [
    'a source that imports what tests of all packages share',
    { 'packages/index/src/bad.ts': `export { suite } from '../../../test/servers/suites.js'` },
    `packages/index/src/bad.ts:1 '../../../test/servers/suites.js' leaves packages/index/src: import the package by its name`,
  ],
  [
    'a test of a package that imports a test across packages',
    { 'packages/index/test/bad.ts': `export { log } from '../../../test/log.js'` },
    `packages/index/test/bad.ts:1 '../../../test/log.js' leaves packages/index: import the package by its name`,
  ],
  [
    'a source that imports a test',
    { 'packages/core/src/bad.ts': `export { x } from '../test/log.test.js'` },
    `packages/core/src/bad.ts:1 '../test/log.test.js' leaves packages/core/src: import the package by its name`,
  ],
  [
    'an example that reaches into a package',
    { 'examples/bank/src/bad.ts': `export { log } from '../../../packages/core/src/store/log.js'` },
    `examples/bank/src/bad.ts:1 '../../../packages/core/src/store/log.js' leaves examples/bank: import the package by its name`,
  ],
  [
    'a path that the package does not export',
    { 'examples/bank/src/bad.ts': `export { log } from '@hindcast/core/dist/store/log.js'` },
    `examples/bank/src/bad.ts:1 '@hindcast/core/dist/store/log.js' is not in the exports of @hindcast/core`,
  ],
  [
    'a package of ours that package.json does not declare',
    { ...manifest('store', { dependencies: { '@hindcast/core': '0' } }) },
    `packages/store/src/index.ts:1 '@hindcast/index' is not declared in package.json`,
  ],
  [
    'a foreign package that package.json does not declare',
    { ...manifest('index', { dependencies: { '@hindcast/core': '0' } }) },
    `packages/index/src/index.ts:1 'lmdb' is not declared in package.json`,
  ],
  [
    'a driver in a room that has none',
    { 'packages/core/src/bad.ts': `import 'lmdb'` },
    `packages/core/src/bad.ts:1 'lmdb' is not allowed in core: see the table of rooms`,
  ],
  [
    'a driver that only package.json asks for',
    { ...manifest('core', { peerDependencies: { inversify: '8' }, optionalDependencies: { kafkajs: '2' } }) },
    'packages/core depends on kafkajs, which the table of rooms does not allow',
  ],
  [
    'a reference of tsconfig.json against the arrows',
    { 'packages/core/tsconfig.json': JSON.stringify({ references: [{ path: '../store' }] }) },
    'packages/core/tsconfig.json refers to ../store, an arrow that is not allowed',
  ],
  [
    'a package that imports itself by name',
    { 'packages/core/src/bad.ts': `export { log } from '@hindcast/core'` },
    `packages/core/src/bad.ts:1 '@hindcast/core' imports its own package by name: use a relative import`,
  ],
  [
    'a module of Node without its prefix',
    { 'packages/core/src/bad.ts': `export { join } from 'path'` },
    `packages/core/src/bad.ts:1 'path' is a module of Node: write node:path`,
  ],
  [
    'an exported file that does not exist',
    {
      ...manifest('store', {
        exports: { './gone': { default: './dist/gone.js' } },
        dependencies: { '@hindcast/index': '0' },
      }),
    },
    'packages/store exports ./gone as ./dist/gone.js, and there is no ./src/gone.ts',
  ],
  [
    'a package that has no row in the table',
    { ...manifest('extra', { exports: {} }) },
    'packages/extra has no row in the table of rooms',
  ],
]

describe('the boundary check', () => {
  let top = ''
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'hindcast-boundaries-'))
  })
  afterEach(() => rmSync(top, { recursive: true }))

  function surveyOf(tree: Record<string, string>) {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(top, path)), { recursive: true })
      writeFileSync(join(top, path), text)
    }
    return survey({ top, paths: Object.keys(tree).filter(path => path.endsWith('.ts')), rooms })
  }

  it('says nothing about a sound workspace, and how much of it it saw', () => {
    expect(surveyOf(sound)).toEqual({
      saw: { rooms: 3, files: 8, imports: 12, 'package imports': 8 },
      problems: [],
    })
  })

  it.each(violations)('finds %s', (_, planted, problem) => {
    expect(surveyOf({ ...sound, ...planted }).problems).toEqual([problem])
  })

  it('says so when a room has no source file', () => {
    const { 'packages/store/src/index.ts': _, ...rest } = sound
    expect(surveyOf(rest).problems).toContain('saw no source file of the room store')
  })

  it('refuses a file that it cannot read', () => {
    expect(() => surveyOf({ ...sound, 'packages/core/src/bad.ts': 'import {' })).toThrow(
      'packages/core/src/bad.ts cannot be read',
    )
  })

  it('does not take comments and texts for imports', () => {
    const text = `// import 'a'\nconst t = "import 'b'"\n/* from 'c' */ export { d } from 'd'; t`
    expect(importsOf('x.ts', text)).toEqual([{ specifier: 'd', line: 3 }])
  })
})
