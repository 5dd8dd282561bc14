import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { WriterSlot } from '../../process/writer-slot.js'
import type { Random } from '../../random.js'
import type { KafkaWriterMessage, Role } from '../writer-order.js'
import type { FaultLog } from './fault-log.js'
import type { Lane } from './lane.js'

/** A writer of the run, or one that only reads. */
export interface ChaosWriter {
  readonly slot: WriterSlot
  readonly role: Role
  /** Of its index. */
  readonly dataDir: string
}

const HOUR_MS = 3_600_000
/** Brokers remember a producer for 3 s, and look every half second. */
const FROZEN_MS = { short: [30, 1500], long: [3600, 6000] } as const
const CLOCK_MS = [500, 4000] as const

/** Kills and freezes writers, deletes their indexes, and puts their clocks wrong. A frozen one stays so while others are treated. */
export function writerFaults(
  writers: readonly ChaosWriter[],
  random: Random,
  faults: FaultLog,
): { readonly lane: Lane; readonly end: () => Promise<void> } {
  const busy = new Map<ChaosWriter, Promise<void>>()
  const failures: unknown[] = []
  const during = (writer: ChaosWriter, work: Promise<void>): void => {
    const done = work.catch((error: unknown) => failures.push(error))
    busy.set(
      writer,
      done.then(() => void busy.delete(writer)),
    )
  }
  const check = (): void => {
    if (failures.length > 0) throw failures[0]
  }
  const some = (): ChaosWriter | undefined => {
    check()
    const writer = random.pick(writers)
    return busy.has(writer) ? undefined : writer
  }
  const kill = (deleteIndex: boolean) => async (): Promise<void> => {
    const seed = random.whole(0, 1_000_000)
    const writer = some()
    if (!writer) return
    faults.came('writerKilled', writer.slot.number)
    if (await writer.slot.kill()) faults.came('writerKilledInFlight')
    if (deleteIndex) {
      faults.came('indexDeleted', writer.slot.number)
      rmSync(writer.dataDir, { recursive: true, force: true })
    }
    // It may take until brokers are back.
    during(writer, writer.slot.start(seed))
  }
  const freeze = (kind: 'short' | 'long') => async (): Promise<void> => {
    const [from, to] = FROZEN_MS[kind]
    const milliseconds = random.whole(from, to)
    const writer = some()
    if (!writer) return
    faults.came('writerFrozen', writer.slot.number)
    if (kind === 'long') faults.came('writerFrozenLong')
    during(writer, writer.slot.freeze(milliseconds))
  }
  const clock = (clockOffMs: number, kind: 'clockBehind' | 'clockAhead') => async (): Promise<void> => {
    const milliseconds = random.whole(...CLOCK_MS)
    const writer = some()
    if (!writer) return
    faults.came(kind, writer.slot.number)
    const tell = (message: KafkaWriterMessage): void => writer.slot.tell(message)
    tell({ clockOffMs })
    during(
      writer,
      pause(milliseconds).then(() => tell({ clockOffMs: 0 })),
    )
  }
  const lane: Lane = {
    pauseMs: [150, 900],
    kinds: [
      kill(false),
      kill(true),
      kill(false),
      freeze('short'),
      freeze('long'),
      freeze('long'),
      clock(-25 * HOUR_MS, 'clockBehind'),
      clock(2 * HOUR_MS, 'clockAhead'),
    ],
  }
  const end = async (): Promise<void> => {
    await Promise.all(busy.values())
    check()
  }
  return { lane, end }
}
