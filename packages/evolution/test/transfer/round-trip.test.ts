import { readFile } from 'node:fs/promises'
import { memory, partitionOf } from '@hindcast/core'
import { exportLog, importLog } from '@hindcast/evolution'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AGGREGATES, clock, contents, opened, scratchFile, write } from './ledger.js'

interface Step {
  readonly streams: readonly string[]
  readonly count: number
  readonly laterMs: number
  readonly data: string
  readonly commandId?: string
}

const payload = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue()).map(value => JSON.stringify(value)),
  fc.constantFrom('{"n":12345678901234567890123}', '{ "n" : 1.0 }', '{"text":",\\"data\\":{}"}'),
)
const step: fc.Arbitrary<Step> = fc.record(
  {
    streams: fc.oneof(
      fc.constantFrom('account-1', 'account-2', 'account-ü-3', 'account-4').map(stream => [stream]),
      fc.constantFrom(['branch-a1'], ['branch-b1', 'branch-b2'], ['branch-a2', 'branch-a1']),
    ),
    count: fc.integer({ min: 1, max: 3 }),
    laterMs: fc.integer({ min: 0, max: 2000 }),
    data: payload,
    commandId: fc.constantFrom('same', 'other'),
  },
  { requiredKeys: ['streams', 'count', 'laterMs', 'data'] },
)
const keyOf = (stream: string): string => (stream.startsWith('branch') ? stream.charAt(7) : stream)

describe('a log that is exported and imported', () => {
  it('has the same streams, versions, ids, times, payloads and commands, whatever its partitions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        async (steps, partitions, others) => {
          await using from = await opened(memory({ partitions }))
          const commands: { readonly stream: string; readonly commandId: string; readonly data: string }[] =
            []
          for (const [index, { streams, count, laterMs, data, commandId: asked }] of steps.entries()) {
            clock.ms += laterMs
            const home = partitionOf(keyOf(streams[0]!), partitions)
            const taken = asked === undefined || (await from.findCommand(home, asked)) !== undefined
            const commandId = taken ? `c${index}` : asked
            if (!asked) commands.push({ stream: streams[0]!, commandId, data })
            await from.append(
              streams.map(stream => write(stream, data, keyOf(stream), count)),
              { commandId, command: 'do', result: JSON.stringify(index), metadata: { actor: `a${index}` } },
            )
          }
          const [file, again] = [await scratchFile(), await scratchFile()]
          const target = memory({ partitions: others })
          const { events } = await exportLog({ store: from, aggregates: AGGREGATES }, file)
          const report = await importLog(target, file)
          await using to = await opened(target)
          const before = await contents(from)
          expect(report).toMatchObject({ events, timesMoved: 0, eventsBefore: 0, partitions: others })
          expect(events).toBe(before.length)
          const after = await contents(to)
          const keptIds = report.commandIdsChanged === 0
          const compared = (list: readonly object[]) =>
            list.map(each => (keptIds ? each : { ...each, commandId: '' }))
          expect(compared(after)).toEqual(compared(before))
          for (const { stream, commandId } of commands)
            expect(await to.findCommand(partitionOf(keyOf(stream), others), commandId)).toMatchObject({
              command: 'do',
              result: commandId.slice(1),
            })
          expect(await importLog(target, file)).toMatchObject({ events, eventsBefore: events })

          await exportLog({ store: to, aggregates: AGGREGATES }, again)
          const back = memory({ partitions })
          await importLog(back, again)
          await using home = await opened(back)
          expect(await contents(home)).toEqual(after)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('gives a command another id where two partitions had the same and become one, and says so', async () => {
    await using from = await opened(memory({ partitions: 8 }))
    expect(partitionOf('account-1', 8)).not.toBe(partitionOf('account-3', 8))
    await from.append([write('account-1', '{}')], { commandId: 'same' })
    clock.ms++
    await from.append([write('account-3', '{}')], { commandId: 'same' })
    const file = await scratchFile()
    await exportLog({ store: from, aggregates: AGGREGATES }, file)
    const target = memory({ partitions: 1 })
    expect(await importLog(target, file)).toMatchObject({ events: 2, commandIdsChanged: 1 })
    expect(await importLog(target, file)).toMatchObject({ events: 2, eventsBefore: 2, commandIdsChanged: 0 })
    await using to = await opened(target)
    const second = (await contents(to))[1] as { readonly commandId: string }
    expect(second.commandId).toBe(`import:${from.logId}/${partitionOf('account-3', 8)}:1`)
  })

  it('is a file of CloudEvents, one a line, between a begin and an end', async () => {
    await using from = await opened(memory({ partitions: 2, logId: 'bank' }))
    clock.ms = Date.UTC(2026, 1, 3)
    await from.append([write('branch-a1', '{"n":1.0}', 'a')], {
      commandId: 'c-1',
      command: 'branch.open',
      result: '7',
      metadata: { tenant: 't' },
    })
    const file = await scratchFile()
    await exportLog({ store: from, aggregates: AGGREGATES }, file)
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ type: 'hindcast.export.begin', data: { format: 1, from: null } }),
      {
        ...{ specversion: '1.0', source: 'hindcast:bank', type: 'branch.opened', subject: 'branch-a1' },
        ...{ id: expect.any(String) as string, time: '2026-02-03T00:00:00.000Z' },
        ...{ datacontenttype: 'application/json', partitionkey: 'a', schemaversion: 1, streamversion: 0 },
        ...{
          position: `bank/${partitionOf('a', 2)}:1`,
          commandid: 'c-1',
          command: 'branch.open',
          result: '7',
        },
        ...{ tenant: 't', data: { n: 1 } },
      },
      expect.objectContaining({ type: 'hindcast.export.end', data: { events: 1 } }),
    ])
    expect(lines[1]).toMatch(/,"data":\{"n":1\.0\}\}$/)
  })
})
