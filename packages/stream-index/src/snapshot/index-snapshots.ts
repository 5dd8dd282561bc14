import { SNAPSHOT_BUILDS, StoreClosedError, type Snapshot, type SnapshotStore } from '@hindcast/core'
import type { Environment } from '../environment/environment.js'
import { isSnapshotOf, type SnapshotKey } from '../key/snapshot-key.js'
import { decodeSnapshot, encodeSnapshot, type StoredSnapshot } from './stored-snapshot.js'

/** Saves that come in this time share a transaction: each costs an fsync, for which appends wait as well. */
const GATHER_MS = 20

interface Saving {
  readonly snapshot: Snapshot
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The snapshots in an index's folder, in a table of their own. Several handles and processes may share them. */
export class IndexSnapshots implements SnapshotStore {
  #waiting: Saving[] = []
  #writing: Promise<void> | undefined
  #closed = false

  constructor(private readonly environment: Environment) {}

  async load(stream: string, fingerprint: string): Promise<Snapshot | undefined> {
    if (this.#closed) throw new StoreClosedError('loading a snapshot')
    this.environment.refresh()
    const bytes = this.environment.snapshots.get({ stream, fingerprint })
    if (!bytes) return undefined
    const { savedAt: _, ...snapshot } = decodeSnapshot(stream, fingerprint, bytes)
    return snapshot
  }

  async fingerprints(stream: string): Promise<readonly string[]> {
    if (this.#closed) throw new StoreClosedError('looking for snapshots')
    this.environment.refresh()
    return this.#buildsOf(stream)
  }

  save(snapshot: Snapshot): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreClosedError('saving a snapshot'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ snapshot, resolve, reject })
      this.#writing ??= this.#write()
    })
  }

  /** Finishes what was accepted, and refuses the rest. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#writing
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (!this.#closed) await new Promise(resolve => setTimeout(resolve, GATHER_MS))
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.environment.transact(() => group.forEach(({ snapshot }) => this.#put(snapshot)), 'aside')
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#writing = undefined
  }

  #put(snapshot: Snapshot): void {
    const { snapshots } = this.environment
    const { stream, fingerprint, version } = snapshot
    if ((this.#stored({ stream, fingerprint })?.version ?? -1) > version) return
    snapshots.put({ stream, fingerprint }, encodeSnapshot(snapshot, Date.now()))
    const builds = this.#buildsOf(stream)
    if (builds.length <= SNAPSHOT_BUILDS) return
    const oldest = builds
      .filter(build => build !== fingerprint)
      .map(build => ({ build, savedAt: this.#stored({ stream, fingerprint: build })?.savedAt ?? 0 }))
      .reduce((a, b) => (b.savedAt < a.savedAt ? b : a))
    snapshots.remove({ stream, fingerprint: oldest.build })
  }

  /** The fingerprints of a stream's snapshots. */
  #buildsOf(stream: string): string[] {
    const builds: string[] = []
    for (let from = ''; ; from = `${builds.at(-1)}\u0001`) {
      const found = this.environment.snapshots.ceiling({ stream, fingerprint: from })
      if (!found || !isSnapshotOf(found, stream)) return builds
      builds.push(found.fingerprint)
    }
  }

  /** Undefined also for one that is damaged: the next one takes its place. */
  #stored(key: SnapshotKey): StoredSnapshot | undefined {
    const bytes = this.environment.snapshots.get(key)
    try {
      return bytes && decodeSnapshot(key.stream, key.fingerprint, bytes)
    } catch {
      return undefined
    }
  }
}
