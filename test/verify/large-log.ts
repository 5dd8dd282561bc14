import { Aggregate, AggregateRoot, Apply, Event, type EventStore, type RecordedEvent } from '@hindcast/core'
import { verifyHistory } from '@hindcast/evolution'

/** Verifies a log whose states together are much larger than the memory that this process is started with. */
const STREAMS = 40_000
const ROUNDS = 2
const TEXT = 'x'.repeat(2_000)
const BATCH = 1_000

class Noted extends Event('note.noted') {
  text!: string
}
@Aggregate('note')
class Note extends AggregateRoot<Noted> {
  readonly texts: string[] = []
  @Apply(Noted) noted({ text }: Noted) {
    // A text of its own: equal ones of one JSON text could share their memory.
    this.texts.push(text + String(this.texts.length))
  }
}

function event(index: number): RecordedEvent {
  const stream = `note-${index % STREAMS}`
  return {
    ...{
      id: `e${index}`,
      type: 'note.noted',
      schemaVersion: 1,
      stream,
      version: Math.floor(index / STREAMS),
    },
    ...{ partition: 0, offset: BigInt(index), time: 1, commandId: `c${index}`, metadata: {} },
    data: JSON.stringify({ text: `${index} ${TEXT}` }),
  }
}

const store = {
  ...{ logId: 'large', partitions: 1 },
  end: async () => BigInt(STREAMS * ROUNDS),
  async *readLog() {
    for (let from = 0; from < STREAMS * ROUNDS; from += BATCH)
      yield {
        partition: 0,
        events: Array.from({ length: BATCH }, (_, i) => event(from + i)),
        ...{ next: BigInt(from + BATCH), end: BigInt(STREAMS * ROUNDS) },
      }
  },
} as unknown as EventStore

const { events, streams, problems, notFolded } = await verifyHistory({ store, aggregates: [Note] })
process.stdout.write(
  JSON.stringify({ events, streams, problems, notFolded, stateBytes: events * TEXT.length }),
)
