import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../scripts/workspace/files.mjs'
import { withoutFigures } from '../flights/demo.js'
import { outputDifference } from './expected-output.js'
import { blocksOf } from './markdown.js'
import { runNode } from './process.js'

const TIMEOUT_MS = 300_000

const PAGES = ['README.md', 'docs/tutorials/demo.md']

it('README and tutorial show what `npm run demo` prints', { timeout: TIMEOUT_MS }, async () => {
  const data = await mkdtemp(join(tmpdir(), 'hindcast-readme-'))
  try {
    const program = join(root, 'examples/flights/dist/main.js')
    const { code, stdout, stderr } = await runNode([program, '--data', data], root, TIMEOUT_MS)
    expect(code, stderr).toBe(0)
    const printed = stdout.replaceAll(data, 'data/flights')
    for (const page of PAGES) {
      const blocks = blocksOf(await readFile(join(root, page), 'utf8'))
      const shown = blocks.find(block => block.text.includes('demo ok'))
      expect(shown, page).toBeDefined()
      expect(outputDifference(withoutFigures(shown!.text), withoutFigures(printed))).toBeUndefined()
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})

it('README names exactly two commands to set up', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  expect(readme.match(/npm ci[^`\n]*/g)).toEqual(['npm ci && npm run demo', 'npm ci && npm test'])
})
