import { setTimeout as pause } from 'node:timers/promises'
import type { Broker } from '../../../kafka/cluster/broker.js'
import type { Random } from '../../random.js'
import type { TopicAdmin } from '../topic-admin.js'
import type { FaultCounts } from './fault-counts.js'
import type { Lane } from './lane.js'

const DOWN_MS = [300, 4000] as const
/** A leader is given up after 4 s. */
const FROZEN_MS = [1500, 8000] as const

/** Kills and freezes brokers, one at a time or all. */
export function brokerFaults(
  brokers: readonly Broker[],
  admin: TopicAdmin,
  random: Random,
  counts: FaultCounts,
): Lane {
  const leader = async (): Promise<Broker> => {
    const node = await admin.someLeader(random)
    return brokers.find(broker => broker.node === node) ?? brokers[0]!
  }
  const kill = async (): Promise<void> => {
    const broker = await leader()
    const down = random.whole(...DOWN_MS)
    await broker.signal('SIGKILL')
    counts.brokerKilled++
    await pause(down)
    await broker.start()
  }
  const freeze = async (): Promise<void> => {
    const broker = await leader()
    const frozen = random.whole(...FROZEN_MS)
    await broker.signal('SIGSTOP')
    counts.brokerFrozen++
    await pause(frozen)
    await broker.signal('SIGCONT')
  }
  const killAll = async (): Promise<void> => {
    await Promise.all(brokers.map(broker => broker.signal('SIGKILL')))
    counts.allBrokersKilled++
    await Promise.all(brokers.map(broker => broker.start()))
  }
  return { pauseMs: [800, 4000], faults: [kill, freeze, kill, freeze, killAll] }
}
