import type { SnapshotStore } from '@hindcast/core'
import type { Environment } from '../environment/environment.js'
import { isOpenHere, release, type SharedEnvironment } from '../environment/shared.js'
import { readSafely } from '../index/integrity.js'
import type { AboutKey } from '../key/about-key.js'
import type { CommandKey } from '../key/command-key.js'
import type { LogKey } from '../key/log-key.js'
import type { PageKey } from '../key/page-key.js'
import type { Table } from '../environment/table.js'
import { IndexSnapshots } from '../snapshot/index-snapshots.js'
import { IndexInUseError } from './errors.js'
import { openFolder } from './open-folder.js'
import { prepareFolder } from './prepare-folder.js'

/** The tables of an index, which its store fills as it likes. */
export interface IndexTables {
  /** By place in the log. */
  readonly log: Table<LogKey>
  /** By stream. */
  readonly heads: Table<string>
  /** By stream and version. */
  readonly pages: Table<PageKey>
  /** By command id. */
  readonly commands: Table<CommandKey>
  /** The state of each partition. */
  readonly states: Table<AboutKey>
}

/**
 * The folder of an index: of one process, and disposable, since it can be filled again from the log beside it.
 */
export class IndexFolder {
  /** The log that it belongs to. */
  readonly logId: string
  /** How many partitions that log has. */
  readonly partitions: number
  /** The tables. */
  readonly tables: IndexTables
  /** States of aggregates beside the index; only a cache. */
  readonly snapshots: SnapshotStore
  private readonly environment: Environment
  private closed: Promise<void> | undefined

  /** @internal Use `openIndexFolder`. */
  constructor(
    { about, environment }: SharedEnvironment,
    private readonly giveBack: () => Promise<void>,
  ) {
    this.logId = about.logId
    this.partitions = about.partitions
    this.environment = environment
    this.snapshots = new IndexSnapshots(environment)
    const { log, heads, pages, commands } = environment
    this.tables = { log, heads, pages, commands, states: environment.about }
  }

  /**
   * Runs work in one write transaction, and lets every later read see it. It resolves when all that the work wrote is on
   * disk; when the work throws, nothing is written and the promise is rejected with what was thrown.
   *
   * @param work - synchronous
   */
  async write(work: () => void): Promise<void> {
    await this.environment.transact(work, 'aside')
    this.environment.refresh()
  }

  /** Runs look-ups. @throws LogIntegrityError when the file turns out to be damaged */
  read<T>(look: () => T): T {
    return readSafely(this.environment.folder, look)
  }

  /** Waits for what runs and gives the folder back. Idempotent. */
  close(): Promise<void> {
    this.closed ??= this.end()
    return this.closed
  }

  private async end(): Promise<void> {
    await this.snapshots[Symbol.asyncDispose]()
    await this.giveBack()
  }
}

/**
 * Opens the index in a folder, or makes one where nothing is.
 *
 * @param log - for a new folder; an existing one keeps its own, see {@link IndexFolder.logId}
 * @throws FolderUnusableError, ForeignFolderError, NewerFormatError, OlderFormatError, FolderDamagedError, IndexInUseError
 */
export async function openIndexFolder(
  folder: string,
  log: { readonly logId: string; readonly partitions: number },
): Promise<IndexFolder> {
  const prepared = prepareFolder(folder)
  if (isOpenHere(prepared.path)) throw new IndexInUseError(folder, process.pid)
  const { logId, partitions } = log
  const shared = await openFolder(folder, prepared, { kind: 'index', logId, partitions })
  return new IndexFolder(shared, () => release(prepared.path))
}
