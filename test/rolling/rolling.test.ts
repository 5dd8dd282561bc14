import { expect, it } from 'vitest'
import type { LogPlace } from '../projections/appending.js'
import { postgresSuite } from '../servers/suites.js'
import { Deployment } from './deployment.js'
import { KEYS } from './keys.js'
import { roll } from './roll.js'
import { oldStatus } from './status.js'

postgresSuite('two builds of a service on one LMDB folder', server => {
  it.each([
    ['SIGTERM', 'kept', 1_000],
    ['SIGKILL', 'loaded from snapshots', 0],
  ] as const)(
    'lose and double nothing through a release, a roll-back and a release: ended by %s, states are %s',
    { timeout: 240_000 },
    async (ending, _, cachedAggregates) => {
      await using deployment = await Deployment.make(server, {
        log: folder => ({ kind: 'lmdb', folder }),
        cachedAggregates,
      })
      const log = deployment.log as Extract<LogPlace, { kind: 'lmdb' }>
      let status = ''
      await roll(deployment, ending, async () => {
        status = await oldStatus(log.folder, deployment.url)
      })
      expect(linesOf(status, /^(accounts|entries) +1 +[01] +paused /)).toHaveLength(4)
      expect(linesOf(status, /^ +HC_EVENT_(NEWER_THAN_CODE|TYPE_UNKNOWN) event "account\./)).toHaveLength(4)
      expect(linesOf(status, /^\w+ +1 +\d +(live|catching-up) /)).toHaveLength(8)
      expect(deployment.unusual()).toEqual([])

      // Each build has snapshots of its own beside those of the other one, and goes on from them.
      for (const build of ['old', 'new', 'old'] as const) {
        const service = await deployment.startCalm(build, 'commands')
        for (const key of KEYS.calm) {
          const { entries, foldedFrom } = await service.show('account', key)
          expect(entries.length).toBeGreaterThan(4)
          expect(foldedFrom.length).toBe(1)
          expect(foldedFrom[0]).toBeGreaterThan(0)
        }
        await service.end(ending)
      }
    },
  )
})

function linesOf(text: string, pattern: RegExp): readonly string[] {
  return text.split('\n').filter(line => pattern.test(line))
}
