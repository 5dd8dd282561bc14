import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { memory, type EventStore, type EventStoreFactory, type StreamWrite } from '@hindcast/core'
import { exportLog, importLog } from '@hindcast/evolution'
import { describe, expect, it } from 'vitest'
import { Account, AGGREGATES, clock, contents, opened, scratchFile, write } from './ledger.js'

const parts = (store: EventStore) => ({ store, aggregates: AGGREGATES })

async function ledger(): Promise<EventStore> {
  const store = await opened(memory({ partitions: 3, logId: 'bank' }))
  for (let i = 0; i < 12; i++) {
    clock.ms++
    const writes =
      i % 3 === 0
        ? [write('branch-a1', `{"i":${i}}`, 'a', 2), write('branch-a2', '{}', 'a')]
        : [write(`account-${i % 5}`, `{"i":${i}}`)]
    await store.append(writes, { commandId: `c${i}` })
  }
  return store
}

/** The checkpoints before and behind each append, as `partition:offset`. */
async function appendsOf(store: EventStore): Promise<ReadonlySet<string>> {
  const boundaries = new Set<string>()
  for (let partition = 0; partition < store.partitions; partition++) {
    boundaries.add(`${partition}:0`)
    for await (const { next } of store.readLog(partition, { batchEvents: 1 }))
      boundaries.add(`${partition}:${next}`)
  }
  return boundaries
}

/** The store, which refuses to be read from within an append. */
function readAtAppends(store: EventStore, boundaries: ReadonlySet<string>): EventStore {
  return {
    logId: store.logId,
    partitions: store.partitions,
    readLog: (partition, options = {}) => {
      expect(boundaries).toContain(`${partition}:${options.from ?? 0n}`)
      return store.readLog(partition, options)
    },
    append: store.append.bind(store),
    findCommand: store.findCommand.bind(store),
    readStream: store.readStream.bind(store),
    end: store.end.bind(store),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

describe('an export that broke off', () => {
  it('goes on wherever the file ends, byte by byte, and is then as if it had not', async () => {
    await using store = await ledger()
    const file = await scratchFile()
    await exportLog(parts(store), file)
    const boundaries = await appendsOf(store)
    const whole = await readFile(file)
    const text = whole.toString()
    for (let size = 0; size < whole.length; size += size % 2 === 0 ? 13 : 20) {
      await writeFile(file, whole.subarray(0, size))
      const { cutLine } = await exportLog(parts(readAtAppends(store, boundaries)), file)
      const linesBefore = text.slice(0, size).split('\n')
      const cut = linesBefore.at(-1) !== '' && linesBefore.length > 1
      expect(cutLine).toBe(cut ? linesBefore.length : undefined)
      expect(await readFile(file, 'utf8')).toBe(text)
    }
  })

  it('is not imported, whether a line is cut or the file ends between lines', async () => {
    await using store = await ledger()
    const file = await scratchFile()
    await exportLog(parts(store), file)
    const text = await readFile(file, 'utf8')
    const lines = text.split('\n')
    const target = memory()
    await writeFile(file, lines.slice(0, 8).join('\n'))
    await expect(importLog(target, file)).rejects.toMatchObject({
      code: 'HC_EXPORT_CUT',
      context: { lines: 8 },
    })
    await writeFile(file, `${lines.slice(0, 8).join('\n')}\n`)
    await expect(importLog(target, file)).rejects.toMatchObject({
      code: 'HC_EXPORT_CUT',
      context: { lines: 8 },
    })
    await using to = await opened(target)
    expect(await contents(to)).toEqual([])
  })

  it('is continued with what came since; the import goes on too', async () => {
    await using store = await ledger()
    const file = await scratchFile()
    await exportLog(parts(store), file)
    const target = memory({ partitions: 5 })
    const { events } = await importLog(target, file)
    clock.ms++
    await store.append([write('account-9', '{}')], { commandId: 'later' })
    expect(await exportLog(parts(store), file)).toEqual({
      events: events + 1,
      eventsBefore: events,
      done: true,
    })
    expect(await importLog(target, file)).toMatchObject({ events: events + 1, eventsBefore: events })
    await using to = await opened(target)
    expect(await contents(to)).toEqual(await contents(store))
  })

  it('that was ended by its signal goes on', async () => {
    await using store = await ledger()
    const file = await scratchFile()
    expect(await exportLog(parts(store), file, { signal: AbortSignal.abort() })).toMatchObject({
      done: false,
    })
    await expect(importLog(memory(), file)).rejects.toMatchObject({ code: 'HC_EXPORT_CUT' })
    expect(await exportLog(parts(store), file)).toMatchObject({ done: true })
  })
})

describe('a damaged export', () => {
  const cases: readonly (readonly [string, (line: string) => string, RegExp])[] = [
    ['no JSON', line => line.slice(0, -4), /JSON/],
    ['JSON that is no object', () => '[1]', /it is no JSON object/],
    [
      'a payload that is no object',
      line => line.replace(/"data":.*/, '"data":[1]}'),
      /"data" is no JSON object/,
    ],
    ['no version', line => line.replace('"streamversion"', '"x"'), /"streamversion" is no whole number/],
    ['a stream that is none', line => line.replace(/"subject":"/, '"subject":"-'), /stream id/],
    ['a second begin', line => line.replace(/"subject":"[^"]*",/, ''), /it has no subject, and is no end/],
    ['a position of another log', line => line.replace('hindcast:bank', 'hindcast:x'), /different logs/],
  ]
  it.each(cases)('is refused with the line: %s', async (_, damage, reason) => {
    await using store = await ledger()
    const file = await scratchFile()
    await exportLog(parts(store), file)
    const lines = (await readFile(file, 'utf8')).split('\n')
    lines[4] = damage(lines[4]!)
    await writeFile(file, lines.join('\n'))
    const target = memory()
    const damaged = {
      code: 'HC_EXPORT_LINE',
      context: { line: 5 },
      message: expect.stringMatching(reason) as string,
    }
    await expect(importLog(target, file)).rejects.toMatchObject(damaged)
    await expect(exportLog(parts(store), file)).rejects.toMatchObject(damaged)
    expect(await readFile(file, 'utf8')).toBe(lines.join('\n'))
    await using to = await opened(target)
    expect(await contents(to)).toEqual([])
  })

  it('that lacks a line, or goes on behind its end, is refused', async () => {
    await using store = await ledger()
    const file = await scratchFile()
    await exportLog(parts(store), file)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.split('\n').toSpliced(4, 1).join('\n'))
    await expect(importLog(memory(), file)).rejects.toThrow(
      /it says that there are 20 events, and there are 19/,
    )
    await writeFile(file, text)
    await appendFile(file, '{}\n')
    await expect(importLog(memory(), file)).rejects.toThrow(/it stands behind the end/)
  })

  it('is told from a file that is none, is of another log, of a newer format, or begins late', async () => {
    await using store = await ledger()
    await using other = await opened(memory({ logId: 'other' }))
    const file = await scratchFile()
    await writeFile(file, 'dear diary\n')
    const refused = (reason: RegExp) => ({
      code: 'HC_EXPORT_FILE',
      message: expect.stringMatching(reason) as string,
    })
    await expect(exportLog(parts(store), file)).rejects.toMatchObject(refused(/no export of a log/))
    await expect(importLog(memory(), file)).rejects.toMatchObject(refused(/no export of a log/))
    expect(await readFile(file, 'utf8')).toBe('dear diary\n')
    await truncate(file)
    await exportLog(parts(store), file)
    await expect(exportLog(parts(other), file)).rejects.toMatchObject(
      refused(/hindcast:bank, .* hindcast:other/),
    )
    await expect(exportLog(parts(store), file, { from: new Date(0) })).rejects.toMatchObject(
      refused(/begins with null/),
    )
    await writeFile(file, (await readFile(file, 'utf8')).replace('"format":1', '"format":2'))
    await expect(importLog(memory(), file)).rejects.toMatchObject(
      refused(/format is 2, this version reads 1/),
    )
    const late = await scratchFile()
    await exportLog(parts(store), late, { from: new Map([[0, 2n]]) })
    await expect(importLog(memory(), late)).rejects.toMatchObject(refused(/begins with \{"0":"2"\}/))
  })
})

describe('an export from a place on', () => {
  it('has what is at or behind an offset or a time', async () => {
    await using store = await ledger()
    const all = await contents(store)
    const times = all.map(event => (event as { readonly time: number }).time).toSorted((a, b) => a - b)
    const since = times[10]!
    const byTime = await exportLog(parts(store), await scratchFile(), { from: new Date(since) })
    expect(byTime.events).toBe(times.filter(time => time >= since).length)
    const end = await store.end(1)
    const byOffset = await exportLog(parts(store), await scratchFile(), { from: new Map([[1, end]]) })
    expect(byOffset.events).toBe(all.length - Number(end - 1n))
    expect(end).toBeGreaterThan(1n)
  })
})

describe('an event that cannot be exported', () => {
  it('is named with position and type, and the file ends before it', async () => {
    await using store = await ledger()
    const file = await scratchFile()
    const named = (reason: RegExp) => ({
      code: 'HC_EXPORT_EVENT',
      message: expect.stringMatching(
        /the event at bank\/\d:1 \(type "branch\.opened", stream "branch-a1"\)/,
      ) as string,
      context: { reason: expect.stringMatching(reason) as string },
    })
    await expect(exportLog({ store, aggregates: [Account] }, file)).rejects.toMatchObject(
      named(/no aggregate/),
    )
    await expect(importLog(memory(), file)).rejects.toMatchObject({ code: 'HC_EXPORT_CUT' })
    expect(await exportLog(parts(store), file)).toMatchObject({ done: true })
  })

  it('lies elsewhere than the code puts it', async () => {
    await using store = await opened(memory({ partitions: 64 }))
    await store.append([write('account-1', '{}', 'elsewhere')], { commandId: 'c' })
    await expect(exportLog(parts(store), await scratchFile())).rejects.toThrow(
      /its partition key "account-1" names partition \d+, and the log has it in \d+/,
    )
  })
})

describe('a log that is imported into', () => {
  it('is refused when it has other events, before, between or behind; nothing is imported', async () => {
    await using store = await ledger()
    const file = await scratchFile()
    await exportLog(parts(store), file)
    const fresh = memory({ partitions: 4 })
    await using used = await opened(fresh)
    await used.append([write('account-77', '{}')], { commandId: 'mine' })
    const before = await contents(used)
    await expect(importLog(fresh, file)).rejects.toMatchObject({ code: 'HC_IMPORT_FOREIGN_EVENT' })
    expect(await contents(used)).toEqual(before)

    const imported = memory({ partitions: 4 })
    await importLog(imported, file)
    await using goesOn = await opened(imported)
    await goesOn.append([write('account-77', '{}')], { commandId: 'mine' })
    await expect(importLog(imported, file)).rejects.toThrow(/where the export has no further event/)
  })

  it.each([
    ['another stream', (): [StreamWrite, string] => [write('account-77', '{}'), 'mine']],
    // The import's own append is then taken for a repetition of it.
    ['the same command again', (): [StreamWrite, string] => [write('account-1', '{"other":1}'), 'c1']],
  ])('is told from the export when an app has written to it meanwhile: %s', async (_, other) => {
    await using store = await ledger()
    const file = await scratchFile()
    await exportLog(parts(store), file)
    const target = memory({ partitions: 4 })
    await using app = await opened(target)
    const [foreign, commandId] = other()
    const beside: EventStoreFactory = async host => {
      const opening = await target(host)
      let isFirst = true
      const append: EventStore['append'] = async (writes, options) => {
        if (isFirst) {
          isFirst = false
          await app.append([foreign], { commandId })
        }
        return opening.append(writes, options)
      }
      return new Proxy(opening, {
        get: (of, name) => {
          if (name === 'append') return append
          const value: unknown = Reflect.get(of, name, of)
          return typeof value === 'function' ? (value.bind(of) as unknown) : value
        },
      })
    }
    await expect(importLog(beside, file)).rejects.toMatchObject({
      code: 'HC_IMPORT_DISTURBED',
      message: expect.stringContaining(`has event "${foreign.events[0]!.id}" at `) as string,
    })
  })

  it('says how many times it had to move', async () => {
    await using store = await opened(memory({ partitions: 8 }))
    const file = await scratchFile()
    clock.ms += 1000
    await store.append([write('account-1', '{}')], { commandId: 'a' })
    await exportLog(parts(store), file)
    clock.ms -= 500 // another partition, whose process has a clock that is behind
    await store.append([write('account-3', '{}')], { commandId: 'b' })
    await exportLog(parts(store), file)
    expect(await importLog(memory({ partitions: 1 }), file)).toMatchObject({ events: 2, timesMoved: 1 })
  })

  it('refuses a version that does not fit', async () => {
    await using store = await ledger()
    const file = await scratchFile()
    await exportLog(parts(store), file)
    const lines = (await readFile(file, 'utf8')).split('\n')
    const changed = lines.findIndex(line => line.includes('"streamversion":1') && line.includes('account'))
    lines[changed] = lines[changed]!.replace('"streamversion":1', '"streamversion":5')
    await writeFile(file, lines.join('\n'))
    await expect(importLog(memory(), file)).rejects.toMatchObject({
      code: 'HC_IMPORT_VERSION',
      context: { version: 5, actual: 0 },
    })
  })
})
