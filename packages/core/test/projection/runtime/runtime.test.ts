import { describe, expect, it } from 'vitest'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Command,
  Delete,
  Event,
  Handle,
  Hindcast,
  Insert,
  Key,
  memory,
  memoryReadModels,
  Projection,
  RowProjection,
  Update,
  Upsert,
  type EventMeta,
  type Position,
  type StartOptions,
} from '../../../src/index.js'

class Said extends Event('room.said') {
  text!: string
}
class Cleared extends Event('room.cleared') {}
class Say extends Command('room.say') {
  text!: string
}
class Clear extends Command('room.clear') {}

@Aggregate('room')
class Room extends AggregateRoot<Said | Cleared> {
  @Handle(Say) say({ text }: Say) {
    this.emit(Said, { text })
  }
  @Handle(Clear) clear() {
    this.emit(Cleared)
  }
  @Apply(Said) said() {}
  @Apply(Cleared) cleared() {}
}
class RoomRow {
  @Key() @Column('text') id!: string
  @Column('integer') count!: number
  @Column('text', { nullable: true }) last!: string | null
}
@Projection('rooms', { version: 1, row: RoomRow })
class Rooms extends RowProjection<RoomRow> {
  @Upsert(Said) said(row: RoomRow | undefined, event: Said, meta: EventMeta) {
    if (event.text === 'throw') throw new Error('no such word')
    if (event.text === 'promise') return Promise.resolve(row) as never
    if (event.text === 'wrong key') return { id: 'elsewhere', count: 1, last: null }
    if (event.text === 'wrong value') return { id: meta.key, count: 1.5, last: null }
    if (event.text === 'delete') return null
    if (row && event.text === 'touch and throw') {
      row.count = 1000
      throw new Error('after touching')
    }
    return { id: meta.key, count: (row?.count ?? 0) + 1, last: event.text }
  }
  @Delete(Cleared) cleared() {}
}
@Projection('strict', { version: 1, row: RoomRow })
class Strict extends RowProjection<RoomRow> {
  @Insert(Said) said(event: Said, meta: EventMeta): RoomRow {
    return { id: meta.key, count: 1, last: event.text }
  }
  @Update(Cleared) cleared(row: RoomRow) {
    return row
  }
}
class WordRow {
  @Key() @Column('text') word!: string
  @Column('bigint') times!: bigint
}
@Projection('words', { version: 1, row: WordRow })
class Words extends RowProjection<WordRow> {
  @Upsert(Said, { key: event => event.text.split(' ') })
  said(row: WordRow | undefined, event: Said) {
    return { word: row?.word ?? event.text.split(' ')[0]!, times: (row?.times ?? 0n) + 1n }
  }
}

const start = (options: Partial<StartOptions> = {}) =>
  Hindcast.start({ aggregates: [Room], projections: [Rooms], log: false, ...options })

describe('a row projection', () => {
  it('shows a command’s own write to the reader who asks for it', async () => {
    await using app = await start()
    for (let i = 1; i <= 50; i++) {
      const { position } = await app.execute('a', Say.of({ text: `n${i}` }))
      expect(await app.view(Rooms).get('a', { atLeast: position })).toEqual({
        id: 'a',
        count: i,
        last: `n${i}`,
      })
    }
    expect(await app.view(Rooms).get('unknown')).toBeUndefined()
    const { position } = await app.execute('a', Clear.of())
    expect(await app.view(Rooms).get('a', { atLeast: position })).toBeUndefined()
  })

  it('gives rows that are the reader’s own', async () => {
    await using app = await start()
    const { position } = await app.execute('a', Say.of({ text: 'x' }))
    const row = await app.view(Rooms).get('a', { atLeast: position })
    row!.count = 99
    expect((await app.view(Rooms).get('a'))!.count).toBe(1)
  })

  it('folds into several rows where its key names several', async () => {
    await using app = await start({ projections: [Words] })
    const positions: Position[] = []
    for (let i = 0; i < 40; i++)
      positions.push((await app.execute(`room${i}`, Say.of({ text: 'same' }))).position)
    for (const atLeast of positions) await app.view(Words).all({ atLeast })
    expect(await app.view(Words).all()).toEqual([{ word: 'same', times: 40n }])
  })

  it.each([
    ['throw', 'HC_FOLD_FAILED', /no such word/],
    ['promise', 'HC_FOLD_ASYNC', /promise/],
    ['wrong key', 'HC_ROW_KEY', /elsewhere/],
    ['wrong value', 'HC_ROW_VALUE', /1\.5/],
    ['touch and throw', 'HC_FOLD_FAILED', /after touching/],
  ])('stops its partition visibly when a fold does: %s', async (text, code, message) => {
    await using app = await start()
    const { position: good } = await app.execute('a', Say.of({ text: 'fine' }))
    const { position: bad } = await app.execute('a', Say.of({ text }))
    await expect(app.view(Rooms).get('a', { atLeast: bad })).rejects.toMatchObject({
      code: 'HC_PROJECTION_STOPPED',
      cause: { code, message: expect.stringMatching(message) as string },
    })
    expect(await app.view(Rooms).get('a', { atLeast: good })).toEqual({ id: 'a', count: 1, last: 'fine' })
    const stopped = (await app.health()).projections.filter(worker => worker.state === 'stopped')
    expect(stopped).toMatchObject([{ projection: 'rooms', error: { code }, lagEvents: 1 }])
    let other = 'b'
    for (
      let i = 0;
      (await app.execute(other, Say.of({ text: 'hi' }))).position.split(':')[0] === bad.split(':')[0];
      i++
    )
      other = `b${i}`
    const { position } = await app.execute(other, Say.of({ text: 'on' }))
    expect((await app.view(Rooms).get(other, { atLeast: position }))!.last).toBe('on')
  })

  it.each([
    ['a row that is there', 'HC_ROW_EXISTS', [Say.of({ text: 'x' }), Say.of({ text: 'y' })]],
    ['a row that is missing', 'HC_ROW_MISSING', [Clear.of()]],
  ])('stops at %s where it must not be', async (_, code, commands) => {
    await using app = await start({ projections: [Strict] })
    let atLeast!: Position
    for (const command of commands) atLeast = (await app.execute('a', command)).position
    await expect(app.view(Strict).get('a', { atLeast })).rejects.toMatchObject({ cause: { code } })
  })

  it('says "not yet" when it is not there in time, and refuses positions that are not of its logs', async () => {
    await using app = await start()
    const { position } = await app.execute('a', Say.of({ text: 'x' }))
    const ahead = position.replace(/:\d+$/, ':1000') as Position
    await expect(app.view(Rooms).get('a', { atLeast: ahead, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'HC_READ_MODEL_BEHIND',
      retryable: true,
    })
    for (const foreign of ['other/0:1', 'nonsense', `${app.store.logId}/99:1`])
      await expect(app.view(Rooms).get('a', { atLeast: foreign as Position })).rejects.toMatchObject({
        code: 'HC_POSITION',
      })
  })

  it('refuses SQL in memory, reads after the end, and views of what was not registered', async () => {
    const app = await start()
    await expect(app.view(Rooms).query('select 1')).rejects.toMatchObject({ code: 'HC_SQL_UNSUPPORTED' })
    expect(() => app.view(Strict)).toThrow(expect.objectContaining({ code: 'HC_PROJECTION_UNKNOWN' }))
    const view = app.view(Rooms)
    const ahead = `${app.store.logId}/0:1000` as Position
    const waiting = view.get('a', { atLeast: ahead }).catch((error: unknown) => error)
    await app.stop()
    expect(await waiting).toMatchObject({ code: 'HC_READ_MODELS_CLOSED' })
    await expect(view.get('a')).rejects.toMatchObject({ code: 'HC_READ_MODELS_CLOSED' })
  })

  it('counts every event once when two processes share it, come and go', async () => {
    const store = memory()
    const readModels = memoryReadModels()
    const projections = [Rooms, Words]
    await using first = await start({ store, readModels, projections })
    const positions: Position[] = []
    for (let round = 0; round < 5; round++) {
      const second = await start({ store, readModels, projections })
      const done = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          (i % 2 ? first : second).execute(`r${i % 12}`, Say.of({ text: 'word' })),
        ),
      )
      positions.push(...done.map(executed => executed.position))
      await second.stop()
    }
    for (const atLeast of positions) await first.view(Words).all({ atLeast })
    for (const atLeast of positions) await first.view(Rooms).all({ atLeast })
    expect(await first.view(Words).all()).toEqual([{ word: 'word', times: 300n }])
    expect((await first.view(Rooms).all()).map(row => row.count)).toEqual(Array(12).fill(25))
    expect(new Set((await first.health()).projections.map(worker => worker.state))).toEqual(new Set(['live']))
  })

  it('reads another log beside its own', async () => {
    const elsewhere = memory({ logId: 'elsewhere' })
    await using theirs = await Hindcast.start({ store: elsewhere, aggregates: [Room], log: false })
    await using mine = await Hindcast.start({
      aggregates: [],
      projections: [Rooms],
      sources: [{ store: elsewhere, events: [Said, Cleared] }],
      log: false,
    })
    const { position } = await theirs.execute('a', Say.of({ text: 'hello' }))
    expect(await mine.view(Rooms).get('a', { atLeast: position })).toEqual({
      id: 'a',
      count: 1,
      last: 'hello',
    })
  })

  it('refuses read models that were folded from another log', async () => {
    const readModels = memoryReadModels()
    {
      await using first = await start({ store: memory({ logId: 'one' }), readModels })
      const { position } = await first.execute('a', Say.of({ text: 'x' }))
      await first.view(Rooms).get('a', { atLeast: position })
    }
    await expect(start({ store: memory({ logId: 'two' }), readModels })).rejects.toMatchObject({
      code: 'HC_READ_MODEL_OF_ANOTHER_LOG',
      context: { found: ['one'], logs: ['two'] },
    })
  })

  it('runs no workers in a process of commands', async () => {
    await using app = await start({ run: 'commands' })
    const { position } = await app.execute('a', Say.of({ text: 'x' }))
    await expect(app.view(Rooms).get('a', { atLeast: position, timeoutMs: 5 })).rejects.toMatchObject({
      code: 'HC_READ_MODEL_BEHIND',
    })
    expect(new Set((await app.health()).projections.map(worker => worker.state))).toEqual(
      new Set(['unowned']),
    )
  })
})
