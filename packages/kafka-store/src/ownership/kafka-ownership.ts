import type { OwnershipMember, PartitionOwnership } from '@hindcast/core'
import { Life } from '../read/life.js'
import { connection, refuseCredentials } from '../store/connect.js'
import { settle, type KafkaOptions, type KafkaSettings } from '../store/options.js'
import { BrokersUnreachableError } from '../topic/errors.js'
import { GroupRefusedError } from './errors.js'
import { GroupConnection } from './group-connection.js'
import { GroupMember, isPassing } from './group-member.js'
import { OwnedPartitions } from './owned-partitions.js'

const PAUSE_MS = 200

/**
 * Shares the partitions of a log among the workers of all processes by Kafka's consumer groups, one a projection version:
 * evenly, moving as few as possible, each given to its next owner when the one before has let go of it.
 * `kafka-consumer-groups.sh` shows their members; they have no offsets, since the checkpoint stands in the read model.
 *
 * A worker that is silent for `sessionTimeoutMs` loses its partitions. It only divides the work: safety rests on the fence of
 * the read-model store.
 *
 * @param options - those of {@link kafka}: its connections, `topic`, `group` and `sessionTimeoutMs` are used
 * @throws KafkaOptionError; and when a worker joins BrokersUnreachableError, KafkaCredentialsError, GroupRefusedError
 */
export function kafkaOwnership(options: KafkaOptions): PartitionOwnership {
  return groupOwnership(settle(options))
}

/** {@link kafkaOwnership} with settled options. */
export function groupOwnership(settings: KafkaSettings): PartitionOwnership {
  return { join: (group, partitions, worker) => join(settings, group, partitions, worker) }
}

async function join(
  settings: KafkaSettings,
  name: string,
  partitions: number,
  worker: OwnershipMember,
): Promise<AsyncDisposable> {
  const { topic, sessionTimeoutMs, requestTimeoutMs } = settings
  const { brokers, ...options } = connection(settings)
  const life = new Life()
  const group = `${settings.group}.${name}`
  const groupConnection = new GroupConnection(group, brokers, options, requestTimeoutMs)
  const owned = new OwnedPartitions(worker)
  const member = new GroupMember({ group, topic, partitions, sessionTimeoutMs }, groupConnection, owned, life)
  try {
    await joinFirst(member, settings)
  } catch (error) {
    life.end()
    groupConnection.close()
    throw error
  }
  const running = member.run()
  let left: Promise<void> | undefined
  const leave = async (): Promise<void> => {
    life.end()
    await owned.release(owned.list)
    await member.leave()
    groupConnection.close()
    await running
  }
  return { [Symbol.asyncDispose]: () => (left ??= leave()) }
}

/** @throws BrokersUnreachableError, KafkaCredentialsError, GroupRefusedError */
async function joinFirst(member: GroupMember, { brokers, startTimeoutMs }: KafkaSettings): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  while (!member.isSettled) {
    try {
      await member.join()
    } catch (error) {
      if (!isPassing(error) || error instanceof GroupRefusedError) throw error
      refuseCredentials(error as Error, brokers)
      if (performance.now() > deadline) throw new BrokersUnreachableError(brokers, startTimeoutMs, error)
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    }
  }
}
