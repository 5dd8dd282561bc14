import type { ProduceAnswer } from '../../src/protocol/port.js'
import type { RecordBatch } from '../../src/record/record-batch.js'
import { RESERVED_PRODUCER, sequenceAfter } from '../../src/validity/reserved-producer.js'
import { placed } from './batches.js'

const REMEMBERED = 5

interface Remembered {
  readonly epoch: number
  readonly next: number
  readonly batches: readonly { readonly sequence: number; readonly count: number; readonly base: number }[]
}

/** A partition's leader: what it stores, and what it remembers of the reserved producer (KIP-98, KIP-360). */
export class SimulatedPartition {
  readonly batches: RecordBatch[] = []
  end = 0
  private memory: Remembered | undefined

  /** It forgets the producer: expired, restarted without snapshots, or another broker. */
  forget(): void {
    this.memory = undefined
  }

  /** Takes a batch of the reserved producer, or refuses it. */
  produce(bytes: Buffer): ProduceAnswer {
    const { epoch, sequence, span } = placed(bytes, 0)
    const { memory } = this
    if (memory) {
      const known = memory.batches.find(batch => batch.sequence === sequence && batch.count === span)
      if (epoch < memory.epoch) return refused(47)
      if (epoch === memory.epoch && known) return { errorCode: 0, baseOffset: known.base, logAppendTime: 1 }
      if (sequence !== (epoch > memory.epoch ? 0 : memory.next)) return refused(45)
    }
    const base = this.store(bytes)
    const before = memory?.epoch === epoch ? memory.batches.slice(1 - REMEMBERED) : []
    const batches = [...before, { sequence, count: span, base }]
    this.memory = { epoch, next: sequenceAfter(sequence, span), batches }
    return { errorCode: 0, baseOffset: base, logAppendTime: -1 }
  }

  /** Puts a batch at the end. @returns its offset */
  store(bytes: Buffer): number {
    const batch = placed(bytes, this.end)
    this.batches.push(batch)
    this.end = batch.lastOffset + 1
    return batch.baseOffset
  }

  /** How many batches of the reserved producer there are. */
  get reserved(): number {
    return this.batches.filter(batch => batch.producerId === RESERVED_PRODUCER && !batch.isControl).length
  }
}

function refused(errorCode: number): ProduceAnswer {
  return { errorCode, baseOffset: -1, logAppendTime: -1 }
}
