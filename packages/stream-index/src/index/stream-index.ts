import type { SnapshotStore } from '@hindcast/core'
import type { CommitPlace, Environment } from '../environment/environment.js'
import type { SharedEnvironment } from '../environment/shared.js'
import type { StoredAppend } from '../record/stored-append.js'
import { readSafely } from './integrity.js'
import type { About } from '../folder/about.js'
import { copyFolder } from '../folder/copy-folder.js'
import { IndexTransaction } from './index-transaction.js'
import { IndexView } from './index-view.js'
import { LAST_COMMAND_KEY } from '../key/command-key.js'
import { Recent } from './recent.js'
import type { PartitionState } from './partition-state.js'
import { IndexSnapshots } from '../snapshot/index-snapshots.js'
import { readLogRun, type LogRun } from './read-log.js'
import { readRun, type StreamRun } from './read-stream.js'
import type { StreamHead } from './stream-head.js'

/**
 * An embedded log: streams, versions, command ids and positions, in one LMDB environment.
 *
 * Reads check what they read by its checksum; they throw LogIntegrityError when something is damaged or missing.
 *
 * Reads are synchronous and cost a microsecond or so a look-up. Within an event turn they may all come from one snapshot;
 * `refresh` lets the next read see the newest. Writes are transactions: atomic, on disk when acknowledged, one after
 * the other across all processes that share the folder.
 */
export class StreamIndex {
  /** The identity of the log. */
  readonly logId: string
  /** How many partitions it has. */
  readonly partitions: number
  /** States of aggregates beside the log; only a cache. */
  readonly snapshots: SnapshotStore
  private readonly about: About
  private readonly environment: Environment
  private readonly listeners: Set<() => void>
  private readonly view: IndexView
  private readonly recent = new Recent()

  /** @internal Use `openStreamIndex`. */
  private closed: Promise<void> | undefined

  constructor(
    shared: SharedEnvironment,
    private readonly release: () => Promise<void>,
  ) {
    this.about = shared.about
    this.logId = shared.about.logId
    this.partitions = shared.about.partitions
    this.environment = shared.environment
    this.listeners = shared.listeners
    this.view = new IndexView(shared.environment)
    this.snapshots = new IndexSnapshots(shared.environment)
  }

  /** Lets the next read see everything that any process has committed. */
  refresh(): void {
    this.environment.refresh()
  }

  /** Where a stream stands; undefined for one without events. */
  head(stream: string): StreamHead | undefined {
    return this.safely(() => this.view.head(stream))
  }

  /** The id of the last event of a stream, whose head this is. */
  lastEventId(stream: string, head: StreamHead): string {
    return this.safely(() => this.view.lastEventId(stream, head))
  }

  /** How far a partition has come. */
  partition(partition: number): PartitionState {
    return this.safely(() => this.view.partition(partition))
  }

  /** The append that was made under a command id. */
  command(partition: number, commandId: string): StoredAppend | undefined {
    return this.safely(() => this.view.command(partition, commandId))
  }

  /**
   * Events of a stream around a version that are cheap to read together, at most a few hundred kilobytes.
   *
   * @param version - 0 to the head's
   */
  readRun(stream: string, head: StreamHead, version: number): StreamRun {
    return this.safely(() => readRun(this.environment, this.view, stream, head, version))
  }

  /** Whole appends of a partition from an offset on. An offset that is missing is damage. */
  readLog(partition: number, from: number, maxEvents: number): LogRun {
    return this.safely(() => readLogRun(this.environment, this.view, { partition, from, maxEvents }))
  }

  /**
   * Runs work in one write transaction. It resolves when all that the work wrote is on disk; when the work throws, nothing
   * is written and the promise is rejected with what was thrown.
   *
   * @param work - synchronous; decides on the true state, since no other process can write meanwhile
   * @param place - where the commit runs, default `'aside'`
   */
  async write<T>(work: (transaction: IndexTransaction) => T, place: CommitPlace = 'aside'): Promise<T> {
    let settle: () => void = () => undefined
    try {
      const result = await this.environment.transact((id, number) => {
        const transaction = this.begin(id, number)
        const value = work(transaction)
        const wrote = transaction.finish()
        settle = () => this.recent.settle(id, number, wrote)
        return value
      }, place)
      settle()
      this.notify()
      return result
    } catch (error) {
      this.recent.forget()
      throw error
    }
  }

  /** What a listener throws is its own: the write is on disk. */
  private notify(): void {
    for (const listener of this.listeners)
      try {
        listener()
      } catch (error) {
        process.nextTick(() => {
          throw error
        })
      }
  }

  private safely<T>(read: () => T): T {
    return readSafely(this.environment.folder, read)
  }

  private begin(id: number, work: number): IndexTransaction {
    if (this.recent.continues(id, work) && this.recent.greatestCommand === undefined)
      this.recent.learnGreatest(this.environment.commands.floor(LAST_COMMAND_KEY)?.commandId)
    return new IndexTransaction(this.environment, this.view, this.recent)
  }

  /** Calls back after every write of this process. @returns ends it */
  onWrite(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** True when no other living process has the folder open. */
  isAlone(): boolean {
    return this.environment.processes().every(pid => pid === process.pid)
  }

  /**
   * Copies the index as it is at this moment into an empty folder, while it is in use.
   *
   * @returns the size of the copy in bytes
   * @throws FolderUnusableError when the folder is not empty; FolderDamagedError when the copy is damaged.
   */
  copyTo(folder: string): Promise<number> {
    return copyFolder(folder, this.about, () => this.environment.copyTo(folder))
  }

  private async end(): Promise<void> {
    await this.snapshots[Symbol.asyncDispose]()
    await this.release()
  }

  /** Waits for what runs and gives the folder back. Idempotent. */
  close(): Promise<void> {
    this.closed ??= this.end()
    return this.closed
  }
}
