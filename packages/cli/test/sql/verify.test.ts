import { describe, expect, it } from 'vitest'
import { postgresSuite } from '../../../../test/servers/suites.js'
import { add, Shop } from './shop.js'

/** A shop with events of three keys, one of which is parked, and no app that runs. */
async function closedShop(): Promise<Shop> {
  const shop = await Shop.make()
  await using app = await shop.app()
  await add(app, ['a', 1], ['b', 13], ['c', 2], ['d', 3])
  return shop
}

postgresSuite('hindcast verify of an app with read models', () => {
  it('finds their checkpoints and parked events in the log, beside the running app', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    await add(app, ['a', 1], ['b', 13], ['b', 2])
    const { code, stdout, stderr } = await shop.place.hindcast('verify')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(
      'read models: 2 checkpoints and 2 parked events looked for in the log\nno problem\n',
    )
    const without = await shop.place.hindcast('verify', '--no-read-models')
    expect(without.stdout).not.toContain('read models')
  })

  it.each([
    [
      'a checkpoint behind the end of the log',
      'update hindcast.checkpoints set next = next + 1000, moved_to = next + 1000 where partition = 1',
      'HC_CHECKPOINT_BEYOND_LOG',
      /projection "totals" version 1 has folded partition 1 of log/,
    ],
    [
      'a parked event that is another one in the log',
      "update hindcast.parked set stream = 'counter-other'",
      'HC_PARKED_EVENT_MISSING',
      /[01]:\d+ {2}HC_\w+ {2}projection "totals" has parked an event of stream "counter-other" at/,
    ],
    [
      'a parked event where the log has none',
      'update hindcast.parked set "offset" = 0',
      'HC_PARKED_EVENT_MISSING',
      /[01]:0 {2}HC_\w+ {2}projection "totals" has parked an event of stream "counter-b"/,
    ],
    [
      'rows that were folded from another log',
      "insert into hindcast.checkpoints values ('totals_v1', 'elsewhere', 0, 5, 1, 5)",
      'HC_READ_MODEL_OF_ANOTHER_LOG',
      /"totals" version 1 were folded from log elsewhere/,
    ],
    [
      'rows of another log in a schema that the app does not know',
      `insert into hindcast.projections values ('gone_v3', 'gone', 3, 'kept', now(), 'rows', '', '');
       insert into hindcast.checkpoints values ('gone_v3', 'elsewhere', 0, 5, 1, 5), ('gone_v3', 'elsewhere', 1, 7, 1, 7)`,
      'HC_READ_MODEL_OF_ANOTHER_LOG',
      /"gone" version 3 were folded from log elsewhere/,
    ],
  ])('finds %s', async (_, damage, code, said) => {
    await using shop = await closedShop()
    await shop.run(damage)
    const verified = await shop.place.hindcast('verify')
    expect(verified).toMatchObject({ code: 3, stderr: '' })
    expect(verified.stdout).toMatch(said)
    expect(verified.stdout).toContain(`\n1 problem: ${code} 1\n`)
    expect(await shop.place.hindcast('verify', '--no-read-models')).toMatchObject({ code: 0 })
  })
})

describe('hindcast verify of an app with read models in PGlite', () => {
  it('says beside the running app that it is to be stopped, or that they are to be left out', async () => {
    await using place = await Shop.withPglite()
    const running = await place.start('run')
    await running.printed('started in')
    const beside = await place.hindcast('verify')
    expect(beside).toMatchObject({ code: 1, stdout: '' })
    expect(beside.stderr).toMatch(/^HC_READ_MODEL_IN_USE /)
    expect(await place.hindcast('verify', '--no-read-models')).toMatchObject({ code: 0 })
    running.child.kill('SIGTERM')
    await running.ended
    const alone = await place.hindcast('verify')
    expect(alone).toMatchObject({ code: 0, stderr: '' })
    expect(alone.stdout).toContain('read models: 2 checkpoints and 0 parked events')
  })
})
