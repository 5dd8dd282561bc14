import { ContainerModule } from 'inversify'
import { describe, expect, it } from 'vitest'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  Hindcast,
  memory,
  token,
} from '../../src/index.js'
import { eventsOf, signal } from '../command/harness.js'

interface World {
  readonly wait: () => Promise<void>
  readonly nested: () => Promise<unknown>
}
const WORLD = token<World>('world')
class Noted extends Event('note.noted') {
  by!: string
}
/** Forgets an `await`, and so emits after it has returned. */
class NoteLater extends Command('note.later') {}
class NoteSlowly extends Command('note.slowly') {}
class Peek extends Command('note.peek')<{ readonly notes: number }> {}
class Nest extends Command('note.nest') {}
class NoteThenWait extends Command('note.then_wait') {}
class NoteNow extends Command('note.now') {}

@Aggregate('note')
class Note extends AggregateRoot<Noted> {
  notes = 0
  @Handle(NoteNow) now() {
    this.emit(Noted, { by: 'now' })
  }
  @Handle(NoteLater, { inject: [WORLD] }) later(_: NoteLater, { wait }: World) {
    void wait()
      .then(
        () => this.emit(Noted, { by: 'later' }),
        () => undefined,
      )
      .catch(() => undefined)
  }
  @Handle(NoteSlowly, { inject: [WORLD] }) async slowly(_: NoteSlowly, { nested }: World) {
    await nested()
    this.emit(Noted, { by: 'slowly' })
  }
  @Handle(Peek, { inject: [WORLD] }) async peek(_: Peek, { nested }: World) {
    await nested()
    return { notes: this.notes }
  }
  @Handle(NoteThenWait, { inject: [WORLD] }) async thenWait(_: NoteThenWait, { wait }: World) {
    this.emit(Noted, { by: 'then wait' })
    await wait()
  }
  @Handle(Nest, { inject: [WORLD] }) async nest(_: Nest, { nested }: World) {
    await nested()
  }
  @Apply(Noted) noted() {
    this.notes++
  }
}

const start = (world: Partial<World>, store = memory(), commandTimeoutMs = 10_000) =>
  Hindcast.start({
    store,
    aggregates: [Note],
    commandTimeoutMs,
    log: false,
    modules: [
      new ContainerModule(({ bind }) => {
        bind(WORLD).toConstantValue({ wait: async () => undefined, nested: async () => undefined, ...world })
      }),
    ],
  })

describe('a handler', () => {
  it('that returned cannot emit into the command that is handled after it', async () => {
    const later = signal()
    const slowly = signal()
    const started = signal()
    await using app = await start({
      wait: () => later.reached,
      nested: () => {
        started.reach()
        return slowly.reached
      },
    })
    await app.execute('n', NoteLater.of())
    const next = app.execute('n', NoteSlowly.of())
    await started.reached
    later.reach()
    await new Promise(resolve => setImmediate(resolve))
    slowly.reach()
    await next
    const by = (await eventsOf(app.store, 'note-n')).map(
      event => (JSON.parse(event.data) as { by: string }).by,
    )
    expect(by).toEqual(['slowly'])
  })

  it('that waits for a command on its own stream is told so, and that command does not run behind its back', async () => {
    let inner: Promise<unknown> | undefined
    const app = await start(
      {
        nested: () =>
          (inner = new Promise(resolve => setTimeout(resolve, 20)).then(() =>
            app.execute('n', NoteNow.of()),
          )),
      },
      memory(),
      200,
    )
    await expect(app.execute('n', Nest.of())).rejects.toBeDefined()
    await inner?.catch(() => undefined)
    const events = await eventsOf(app.store, 'note-n')
    await app.stop()
    expect(events).toHaveLength(0)
  })

  it('that emitted and still waits proves nothing about the state that another command was decided on', async () => {
    const { reached, reach } = signal()
    const store = memory()
    await using rival = await start({}, store)
    await using app = await start({ wait: () => reached }, store)
    await app.execute('n', Peek.of())
    await rival.execute('n', NoteNow.of())
    const peeking = app.execute('n', Peek.of())
    const noting = app.execute('n', NoteThenWait.of())
    reach()
    const peeked = await peeking
    await noting
    // The two are concurrent, so the other one's note may be in it; the rival's, which came before, must.
    expect([1, 2]).toContain(peeked.result.notes)
  })
})

describe('commandTimeoutMs', () => {
  it.each([Infinity, 2 ** 31])('of %s, which no timer can wait, is refused at start', async timeoutMs => {
    await expect(start({}, memory(), timeoutMs)).rejects.toMatchObject({ code: 'HC_START' })
  })
})

describe('a start that fails', () => {
  it('tells why, also when closing what was opened fails too', async () => {
    const store = memory()
    const failing = Hindcast.start({
      aggregates: [Note],
      log: false,
      modules: [new ContainerModule(({ bind }) => void bind(WORLD).toConstantValue({} as World))],
      store: async host => {
        const opened = await store(host)
        return Object.assign(Object.create(opened) as typeof opened, {
          [Symbol.asyncDispose]: async () => Promise.reject(new Error('cannot close')),
        })
      },
      readModels: async () => Promise.reject(new Error('no database')),
    })
    await expect(failing).rejects.toThrow('no database')
  })
})
