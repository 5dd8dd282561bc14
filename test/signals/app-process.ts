import { setTimeout as sleep } from 'node:timers/promises'
import { Aggregate, AggregateRoot, Apply, Command, Event, Handle, Hindcast } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'

/** An app that takes commands which last as long as they say, and stops on a signal. */

class Waited extends Event('sleeper.waited') {}
class Wait extends Command('sleeper.wait') {
  ms!: number
}

@Aggregate('sleeper')
class Sleeper extends AggregateRoot<Waited> {
  @Handle(Wait) async wait({ ms }: Wait) {
    process.send!('begun')
    await sleep(ms)
    this.emit(Waited)
  }
  @Apply(Waited) waited() {}
}

const [folder, ms, drainTimeoutMs, own] = process.argv.slice(2)
if (own === 'listens-too')
  process.on('SIGTERM', () => {
    process.send!('heard')
  })
const app = await Hindcast.start({
  store: lmdb(folder!, { partitions: 1 }),
  aggregates: [Sleeper],
  drainTimeoutMs: Number(drainTimeoutMs),
  stopOn: ['SIGTERM'],
  log: false,
})
const watch = setInterval(async () => {
  if ((await app.health()).ready) return
  clearInterval(watch)
  process.send!('stopping')
}, 10)
await app.execute('a', Wait.of({ ms: Number(ms) })).then(
  () => process.send!('done'),
  (error: { readonly code: string }) => process.send!(error.code),
)
// What else a program has to do: only a signal ends it.
setInterval(() => undefined, 1_000)
