import { KAFKA_ERROR } from '../protocol/error-codes.js'
import { TransportError, type KafkaPort } from '../protocol/port.js'

const OUT_OF_SEQUENCE: ReadonlySet<number> = new Set([
  KAFKA_ERROR.OUT_OF_ORDER_SEQUENCE_NUMBER,
  KAFKA_ERROR.DUPLICATE_SEQUENCE_NUMBER,
])
/** Each trial sends a batch twice, so there are no more after so many that came to nothing. */
const MAX_FAILURES = 3

/**
 * Which brokers mark a duplicate. Apache's broker answers a batch that it has already with a `logAppendTime` even on a
 * CreateTime topic; that is an accident of its code, and other implementations do not do it. Where it is not known, or known
 * not to be so, every append is read back before it is acknowledged.
 */
export class DuplicateMarks {
  private readonly marks = new Map<number, boolean>()
  private readonly failures = new Map<number, number>()

  /** True when an answer of this broker without a mark proves that the batch was written now. */
  trusts(broker: number): boolean {
    return this.marks.get(broker) === true
  }

  /** True when this broker is still to be tried out. */
  isUnknown(broker: number): boolean {
    return !this.marks.has(broker)
  }

  /** Sends a partition's last batch again, which is certainly there: what its leader answers tells whether it marks duplicates. */
  async tryOut(
    port: KafkaPort,
    partition: number,
    batch: { readonly bytes: Buffer; readonly baseOffset: number },
    timeoutMs: number,
  ): Promise<void> {
    const leader = port.metadata.leaders[partition] ?? -1
    try {
      const again = await port.produce(partition, batch.bytes, timeoutMs)
      if (again.errorCode === 0 && again.baseOffset === batch.baseOffset)
        this.marks.set(leader, again.logAppendTime !== -1)
      else if (OUT_OF_SEQUENCE.has(again.errorCode)) this.marks.set(leader, false)
      else this.fail(leader)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      this.fail(leader)
    }
  }

  /** `'read-back'` when any broker does not mark duplicates, `'direct'` when all that were tried do. */
  get mode(): 'direct' | 'read-back' | 'unknown' {
    if (this.marks.size === 0) return 'unknown'
    return [...this.marks.values()].every(Boolean) ? 'direct' : 'read-back'
  }

  private fail(broker: number): void {
    const failures = (this.failures.get(broker) ?? 0) + 1
    this.failures.set(broker, failures)
    if (failures >= MAX_FAILURES) this.marks.set(broker, false)
  }
}
