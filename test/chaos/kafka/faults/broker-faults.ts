import { setTimeout as pause } from 'node:timers/promises'
import type { Broker } from '../../../kafka/cluster/broker.js'
import type { Random } from '../../random.js'
import type { TopicAdmin } from '../topic-admin.js'
import type { FaultLog } from './fault-log.js'
import type { Lane } from './lane.js'

const DOWN_MS = [300, 3000] as const
/** It takes long to come back from. */
const KILL_ALL_AGAIN = 0.3
/** A leader is given up after 4 s. */
const FROZEN_MS = [1500, 7000] as const

/** Kills and freezes brokers, one at a time or all. */
export function brokerFaults(
  brokers: readonly Broker[],
  admin: TopicAdmin,
  random: Random,
  faults: FaultLog,
): Lane {
  const leader = async (): Promise<Broker> => {
    const node = await admin.someLeader(random)
    return brokers.find(broker => broker.node === node) ?? brokers[0]!
  }
  const kill = async (): Promise<void> => {
    const broker = await leader()
    const down = random.whole(...DOWN_MS)
    await broker.signal('SIGKILL')
    faults.came('brokerKilled', broker.node)
    await pause(down)
    await broker.start()
    faults.note('broker is back', broker.node)
  }
  const freeze = async (): Promise<void> => {
    const broker = await leader()
    const frozen = random.whole(...FROZEN_MS)
    await broker.signal('SIGSTOP')
    faults.came('brokerFrozen', broker.node)
    await pause(frozen)
    await broker.signal('SIGCONT')
    faults.note('broker is awake', broker.node)
  }
  const killAll = async (): Promise<void> => {
    const again = random.chance(KILL_ALL_AGAIN)
    if (faults.counts.allBrokersKilled > 0 && !again) return
    await Promise.all(brokers.map(broker => broker.signal('SIGKILL')))
    faults.came('allBrokersKilled')
    await Promise.all(brokers.map(broker => broker.start()))
    faults.note('all brokers are back')
  }
  // In between there is time to work.
  return { pauseMs: [2500, 7000], kinds: [kill, freeze, killAll] }
}
