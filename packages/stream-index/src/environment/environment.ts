import { open, type DatabaseOptions, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb'
import { aboutKeys, type AboutKey } from '../key/about-key.js'
import { commandKeys, type CommandKey } from '../key/command-key.js'
import type { KeyCodec } from '../key/key-codec.js'
import { logKeys, type LogKey } from '../key/log-key.js'
import { pageKeys, type PageKey } from '../key/page-key.js'
import { snapshotKeys, type SnapshotKey } from '../key/snapshot-key.js'
import { streamKeys } from '../key/stream-key.js'
import { LogFile } from '../file/log-file.js'
import { FORMAT } from '../folder/about.js'
import { ForeignFolderError, OlderFormatError } from '../folder/errors.js'
import { Table } from './table.js'

/** What a commit does with this thread while the disk works. */
export type CommitPlace =
  /** Holds it: the fastest for a single small commit, 0.1 ms less than `'aside'`. */
  | 'here'
  /** Leaves it free: the commit runs on another thread. */
  | 'aside'

/** Far more than a log needs; address space only. LMDB would otherwise map the growing file again and again, and keep the old maps. */
const MAP_BYTES = 2 ** 36
const MAX_TABLES = 8
/** Before a folder says what it is, it says that it is ours. */
const CLAIM = Buffer.from('being made')

/**
 * The LMDB environment of a folder. The only place that touches the lmdb package.
 *
 * Guarantee: a transaction is on disk when its promise resolves. `overlappingSync` is lmdb's default and is switched off: it
 * commits without fsync first (MDB_NOSYNC), shows the commit to every reader, and syncs later. Without it a commit is
 * fdatasync of the pages, then a synchronous write (O_DSYNC) of the meta page.
 *
 * @see https://github.com/kriszyp/lmdb-js#overlapping-sync-options
 */
export class Environment {
  readonly log: Table<LogKey>
  readonly heads: Table<string>
  readonly pages: Table<PageKey>
  readonly commands: Table<CommandKey>
  readonly snapshots: Table<SnapshotKey>
  /** The log again, past LMDB's map. */
  readonly logFile: LogFile
  /** In LMDB's main tree, beside the roots of the tables: that page changes in every commit anyway. */
  readonly about: Table<AboutKey>
  private readonly root: RootDatabase<Buffer, never>
  private running = 0
  private works = 0

  constructor(readonly folder: string) {
    // lmdb takes a key encoder, its declarations do not say so.
    const options: RootDatabaseOptionsWithPath & { keyEncoder: KeyCodec<AboutKey> } = {
      path: folder,
      encoding: 'binary',
      keyEncoder: aboutKeys,
      noSubdir: false,
      overlappingSync: false,
      // Else a commit that fails also rejects a promise of lmdb's own that nobody handles, and the process ends.
      eventTurnBatching: false,
      mapSize: MAP_BYTES,
      maxDbs: MAX_TABLES,
    }
    this.root = open<Buffer, never>(options)
    this.about = new Table<AboutKey>(this.root)
    this.refuseForeign()
    this.log = this.table('log', logKeys)
    this.heads = this.table('heads', streamKeys)
    this.pages = this.table('pages', pageKeys)
    this.commands = this.table('commands', commandKeys)
    // A cache: folders of this format that were made before there was one get it when they are opened.
    this.snapshots = this.table('snapshots', snapshotKeys)
    this.logFile = new LogFile(folder)
  }

  private table<K>(name: string, keyEncoder: KeyCodec<K>): Table<K> {
    const options: DatabaseOptions & { keyEncoder: KeyCodec<K> } = { encoding: 'binary', keyEncoder }
    return new Table<K>(this.root.openDB(name, options))
  }

  /** What the folder says about itself; undefined when nothing was put into it yet. */
  aboutItself(): Buffer | undefined {
    const bytes = this.about.get('hindcast')
    return bytes?.equals(CLAIM) ? undefined : bytes
  }

  /** An environment with content, but without our mark, is somebody else's; nothing of ours is added to it. */
  private refuseForeign(): void {
    if (this.about.get('hindcast')) return
    const names = [...this.root.getKeys({ limit: MAX_TABLES })].map(key => String(key).replace(/\0$/, ''))
    if (names.length === 0) return this.root.transactionSync(() => void this.about.add('hindcast', CLAIM))
    void this.root.close()
    // Format 1 had a table of this name.
    if (names.includes('about')) throw new OlderFormatError(this.folder, 1, FORMAT.log)
    throw new ForeignFolderError(this.folder, 'an LMDB environment of something else')
  }

  /**
   * Runs work in a write transaction: all of it is written, or nothing when it throws. Transactions of all processes come
   * one after the other.
   *
   * @param work - synchronous; is given LMDB's number of the transaction (consecutive over all processes), and its own number
   *   in this process
   * @param place - `'here'` is only a wish: while another transaction of this process runs, it is `'aside'`
   */
  async transact<T>(work: (transaction: number, work: number) => T, place: CommitPlace): Promise<T> {
    const here = place === 'here' && this.running === 0
    this.running++
    try {
      const run = (): T => work(this.root.getWriteTxnId(), ++this.works)
      return here ? this.root.transactionSync(run) : await this.root.childTransaction(run)
    } catch (error) {
      throw await reasonOf(error)
    } finally {
      this.running--
      this.root.resetReadTxn()
    }
  }

  /** Does synchronous work while LMDB holds a snapshot: no page of it, or of a later one, is used again meanwhile. */
  holding<T>(work: () => T): T {
    const snapshot = this.root.useReadTransaction()
    try {
      return work()
    } finally {
      snapshot.done()
    }
  }

  /** Lets the next read see everything that is committed, by any process. */
  refresh(): void {
    this.root.resetReadTxn()
  }

  /** Which processes have this folder open, apart from those that were killed. */
  processes(): number[] {
    this.root.readerCheck()
    return this.root
      .readerList()
      .split('\n')
      .map(line => Number.parseInt(line, 10))
      .filter(pid => pid > 0)
  }

  /** Copies the state of this moment into another folder, while others write, without the free pages. */
  async copyTo(folder: string): Promise<void> {
    await this.root.backup(folder, true)
  }

  /** Waits for what runs and frees everything. */
  async close(): Promise<void> {
    try {
      await this.root.close()
    } finally {
      this.logFile.close()
    }
  }
}

/** lmdb says that a commit failed with an error that carries a promise of the reason, which nobody else may have handled. */
async function reasonOf(failure: unknown): Promise<unknown> {
  const reason = (failure as { commitError?: Promise<never> } | null)?.commitError
  return reason ? reason.catch((cause: unknown) => cause) : failure
}
