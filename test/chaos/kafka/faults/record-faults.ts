import kafkajs, { type Producer } from 'kafkajs'
import type { Random } from '../../random.js'
import type { Recording, RecordedProduce } from '../proxy/recording.js'
import { withEpoch } from '../wire/batch.js'
import { readProduced, withBatch } from '../wire/request.js'
import { sendFrame } from '../wire/send-frame.js'
import type { FaultLog } from './fault-log.js'
import type { Lane } from './lane.js'

/** After so long a broker has surely forgotten a producer that was silent. */
const FORGOTTEN_MS = 4500
const NOT_LEADER = 6
const TRANSACTION_MS = 3000

/** Where records that are none of the writers' go. */
export interface RecordTargets {
  readonly addresses: readonly string[]
  readonly topic: string
  readonly partitions: number
}

/** Writes what no writer would: somebody else's records, a request once more, the shared producer id under another epoch. */
export function recordFaults(
  targets: RecordTargets,
  recording: Recording,
  random: Random,
  faults: FaultLog,
): Lane {
  const { addresses, topic, partitions } = targets
  const client = new kafkajs.Kafka({
    brokers: [...addresses],
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: 2000,
    retry: { retries: 1, initialRetryTime: 100 },
  })
  let transactions = 0
  const using = async (producer: Producer, work: () => Promise<void>): Promise<void> => {
    try {
      await producer.connect()
      await work()
    } catch {
      // Brokers are away: another one will come through.
    } finally {
      await producer.disconnect().catch(() => undefined)
    }
  }
  const foreign = async (): Promise<void> => {
    const partition = random.whole(0, partitions - 1)
    const producer = client.producer({ allowAutoTopicCreation: false })
    await using(producer, async () => {
      await producer.send({ topic, messages: [{ partition, value: 'foreign' }] })
      faults.came('foreignRecord')
    })
  }
  const aborted = async (): Promise<void> => {
    const partition = random.whole(0, partitions - 1)
    const producer = client.producer({
      transactionalId: `stranger-${transactions++}`,
      maxInFlightRequests: 1,
      transactionTimeout: TRANSACTION_MS,
      allowAutoTopicCreation: false,
    })
    await using(producer, async () => {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ partition, value: 'aborted' }] })
      faults.came('abortedRecord')
      await transaction.abort()
    })
  }
  /** To whichever broker leads the partition. */
  const send = async (frame: Buffer): Promise<number | undefined> => {
    for (const address of addresses) {
      const answer = await sendFrame(Number(address.split(':')[1]), frame)
      const errorCode = answer && readProduced(answer)[0]?.errorCode
      if (errorCode !== undefined && errorCode !== NOT_LEADER) return errorCode
    }
    return undefined
  }
  const replay = (age: 'older' | 'younger') => async (): Promise<void> => {
    const request = recording.pick(age, FORGOTTEN_MS)
    if (!request || (await send(request.frame)) === undefined) return
    if (age === 'older') faults.came('requestReplayedLate')
    else faults.came('requestReplayed')
  }
  const intrude = async (): Promise<void> => {
    const request = recording.pickAccepted()
    if (!request) return
    const epoch = recording.epochOf(request.partition) + 1
    if ((await send(inEpoch(request, epoch))) === 0) faults.came('intruder')
  }
  return {
    pauseMs: [50, 400],
    kinds: [foreign, aborted, intrude, replay('younger'), replay('older'), replay('older'), replay('older')],
  }
}

/** An append that has been written, under another epoch. */
function inEpoch({ frame, bodyAt, partition, batch }: RecordedProduce, epoch: number): Buffer {
  return withBatch(frame, bodyAt, { partition, batch: withEpoch(batch, epoch) })
}
