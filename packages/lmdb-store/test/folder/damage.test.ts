import { closeSync, cpSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeOf, filledFolder, readEverything, temporaryFolder } from './workbench.js'

const PAGE = 4096
const CASES = 48
const EVENTS = 2000

/** What happens to a page of the file. */
const DAMAGES: Readonly<Record<string, (page: Buffer, random: (below: number) => number) => void>> = {
  zeroed: page => page.fill(0),
  garbage: (page, random) => page.forEach((_, i) => (page[i] = random(256))),
  'eight bits flipped': (page, random) => {
    for (let i = 0; i < 8; i++) page[random(PAGE)]! ^= 1 << random(8)
  },
}

describe('a log with a damaged page', () => {
  for (const [name, damage] of Object.entries(DAMAGES))
    it(
      `says so, or does not need the page, and never gives a wrong event (${name})`,
      { timeout: 240_000 },
      async () => {
        const folder = await filledFolder()
        const random = seeded(name.length)
        const seen: string[] = []
        for (let i = 0; i < CASES; i++) {
          const copy = temporaryFolder()
          cpSync(join(folder, 'data.mdb'), join(copy, 'data.mdb'))
          cpSync(join(folder, 'hindcast.json'), join(copy, 'hindcast.json'))
          changePage(join(copy, 'data.mdb'), random, damage)
          seen.push(await codeOf(readEverything(copy).then(count => expect(count).toBe(EVENTS))))
        }
        const allowed = ['HC_FOLDER_DAMAGED', 'HC_LOG_INTEGRITY', 'no error']
        expect(seen.filter(code => !allowed.includes(code))).toEqual([])
        expect(seen.filter(code => code !== 'no error').length).toBeGreaterThan(CASES / 2)
      },
    )
})

function changePage(path: string, random: (below: number) => number, damage: (typeof DAMAGES)[string]): void {
  const file = openSync(path, 'r+')
  const at = (2 + random(Math.floor(fstatSync(file).size / PAGE) - 2)) * PAGE
  const page = Buffer.alloc(PAGE)
  readSync(file, page, 0, PAGE, at)
  damage(page, random)
  writeSync(file, page, 0, PAGE, at)
  closeSync(file)
}

function seeded(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return state % below
  }
}
