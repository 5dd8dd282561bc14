import type { PartitionOwnership } from '@hindcast/core'
import { codedFailure } from '../driver/coded-failure.js'
import type { Database } from '../driver/database.js'
import { Membership } from './membership.js'
import { Station } from './station.js'

/**
 * Shares partitions among processes by advisory locks of the database: as evenly as possible, moving as few as possible. A
 * partition goes to its next owner when the one before has let go of it, or at once when its session ends, as it does when
 * the process is killed.
 */
export function advisoryOwnership(database: Database, ownerTimeoutMs: number): PartitionOwnership {
  const stations: Station[] = []
  return {
    async join(group, partitions, member): Promise<AsyncDisposable> {
      // One session for all groups; two members of one group need two, for a session never waits for itself.
      let station = stations.find(other => !other.has(group))
      if (!station) stations.push((station = new Station(database, ownerTimeoutMs)))
      const membership = new Membership(group, partitions, member)
      try {
        await station.add(membership)
      } catch (error) {
        await leave(stations, station, membership)
        throw codedFailure(database.name, error)
      }
      let left: Promise<void> | undefined
      return { [Symbol.asyncDispose]: () => (left ??= leave(stations, station, membership)) }
    },
  }
}

async function leave(stations: Station[], station: Station, membership: Membership): Promise<void> {
  await station.remove(membership)
  if (!station.isEmpty) return
  const index = stations.indexOf(station)
  if (index >= 0) stations.splice(index, 1)
  await station.close()
}
