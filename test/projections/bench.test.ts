import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BenchDatabase } from '#bench-database'
import { checkCheckpoints, checkRows } from '#bench-check-rows'
import { linesOf, runBench } from '../bench/run-bench.js'
import { postgresSuite } from '../servers/suites.js'

postgresSuite('the bench of rebuilding', () => {
  it('catches up a read model a row an account, and one with rows that several partitions feed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hindcast-bench-'))
    try {
      const args = ['rebuild', '--store', 'lmdb', '--json', '--results', folder]
      const { code, stdout, stderr } = await runBench(...args, '--replayed', '2000', '--rounds', '1')
      expect(code, stderr).toBe(0)
      const lines = linesOf(stdout)
      const metrics = ['eventsPerSecond', 'cpuUsPerEvent', 'rssMiB']
      expect(lines.map(line => line['metric'])).toEqual([...metrics, ...metrics])
      for (const line of lines)
        expect(line).toMatchObject({ records: 2000, value: expect.any(Number), ratio: expect.any(Number) })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('sees a row that is wrong, one that is missing, one too many, and a checkpoint that is not at the end', async () => {
    await using database = await BenchDatabase.create()
    await database.query(
      "create table t (id text, cents bigint, events integer); insert into t values ('a', 5, 2), ('b', 7, 1)",
    )
    const a = ['a', { cents: 5, events: 2 }] as const
    const b = ['b', { cents: 7, events: 1 }] as const
    const check = (...rows: (readonly [string, { cents: number; events: number }])[]): Promise<void> =>
      checkRows(database, 't', new Map(rows))
    await expect(check(a, b)).resolves.toBeUndefined()
    await expect(check(a, ['b', { cents: 8, events: 1 }])).rejects.toThrow(
      't b: 7 cents in 1 events, the log has 8 in 1',
    )
    await expect(check(a, ['b', { cents: 7, events: 2 }])).rejects.toThrow('the log has 7 in 2')
    await expect(check(a)).rejects.toThrow('t b: 7 cents in 1 events, the log has 0 in 0')
    await expect(check(a, b, ['c', { cents: 1, events: 1 }])).rejects.toThrow('t has 2 rows, the log has 3')

    await database.query(
      'create schema hindcast; create table hindcast.checkpoints (partition integer, next bigint); insert into hindcast.checkpoints values (0, 4)',
    )
    await expect(checkCheckpoints(database, [4n])).resolves.toBeUndefined()
    await expect(checkCheckpoints(database, [5n])).rejects.toThrow(
      'the checkpoint of partition 0 is 4, the log ends at 5',
    )
    await expect(checkCheckpoints(database, [4n, 2n])).rejects.toThrow(
      'the checkpoint of partition 1 is undefined',
    )
  })
})
