import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { Workplace } from './workplace.js'

describe('the config file', () => {
  it('is missing: says where it looked and what to do', async () => {
    await using place = await Workplace.make()
    const { code, stderr } = await place.hindcast('tail', '--config', 'other.ts')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^HC_CONFIG_MISSING there is no other\.ts in .*--config <file>\n$/)
  })

  it.each([
    ['does not compile', 'export default {', /does not compile:\n.*broken\.ts:1: /],
    ['throws', "throw new TypeError('no wifi')", /it throws TypeError: no wifi/],
    [
      'names a package that is not installed',
      "import 'no-such-package'",
      /Cannot find package 'no-such-package'/,
    ],
    ['exports nothing', 'export const app = 1', /no default export; write export default defineConfig/],
    ['exports no app', 'export default { aggregats: [] }', /no aggregates: \[…\]/],
  ])('%s: an error with code and reason, and no file is left behind', async (_, text, reason) => {
    await using place = await Workplace.make()
    await place.write('broken.ts', text)
    const before = await readdir(place.folder)
    const { code, stdout, stderr } = await place.hindcast('tail', '--no-follow', '--config', 'broken.ts')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^HC_CONFIG_INVALID /)
    expect(stderr).toMatch(reason)
    expect(await readdir(place.folder)).toEqual(before)
  })

  it('knows where it is, and finds the packages of its folder', async () => {
    await using place = await Workplace.make()
    await place.write(
      'where.ts',
      "import { lmdb } from '@hindcast/lmdb-store'\nthrow new Error([import.meta.url, typeof lmdb].join())",
    )
    const { stderr } = await place.hindcast('tail', '--config', 'where.ts')
    expect(stderr).toMatch(/^HC_CONFIG_INVALID .*file:.*\/where\.ts\?compiled=[\w-]+,function\n/)
  })

  it('leaves no file behind, also when the process is killed while it loads', async () => {
    await using place = await Workplace.make()
    await place.write(
      'endless.ts',
      "console.log('loading')\nawait new Promise(() => setInterval(() => 0, 1_000))",
    )
    const before = await readdir(place.folder)
    const running = await place.start('tail', '--config', 'endless.ts')
    await running.printed('loading')
    running.child.kill('SIGKILL')
    await running.ended
    expect(await readdir(place.folder)).toEqual(before)
  })

  it('is told to machines as one object', async () => {
    await using place = await Workplace.make()
    const { stderr } = await place.hindcast('tail', '--json', '--config', 'other.ts')
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'HC_CONFIG_MISSING', context: { names: ['other.ts'] } },
    })
  })
})
