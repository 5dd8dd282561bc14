import {
  ReadModelOfAnotherLogError,
  readersOf,
  StartError,
  type HistoryParts,
  type SnapshotStore,
} from '@hindcast/core'
import { EventChecks } from './event-checks.js'
import { Problems } from './problems.js'
import { readToEnds } from './read-to-ends.js'
import { ReadModelChecks, type ReadModelsToVerify } from './read-models.js'
import { Skips } from './skips.js'
import { SnapshotChecks } from './snapshot-checks.js'
import { StateFile } from './state-file.js'
import { StreamFolds } from './stream-folds.js'
import { StreamTable } from './stream-table.js'
import { Telling } from './telling.js'
import { TypeCounts } from './type-counts.js'
import type { VerifyProgress, VerifyReport } from './verify-report.js'

const DEFAULT_PROBLEMS = 100

/** Which log, and the code that reads it. */
export interface VerifyParts extends HistoryParts {
  /** Where its snapshots are. Default: beside the log, where the store sees them. */
  readonly snapshots?: SnapshotStore
  /** The read models whose checkpoints and parked events must be in the log. Default: none are looked at. */
  readonly readModels?: ReadModelsToVerify
}

/** How a log is verified. */
export interface VerifyOptions {
  /** Of which share of the streams snapshots are compared, the same streams each time. Default 1: of all. 0: of none. */
  readonly snapshotShare?: number
  /** How many problems the report has; all are counted. Default 100. */
  readonly problems?: number
  /** Ends it; the report is then of what was read. */
  readonly signal?: AbortSignal
  /** Told about twice a second, and at the end. */
  readonly onProgress?: (progress: VerifyProgress) => void
}

/**
 * Reads a whole log once, and checks that today's code reads every event of it: it is decoded, upcast, validated by the rules
 * of its class, and folded into its aggregate. Versions have no hole, times do not run backwards, streams lie in their
 * partitions, snapshots are what the events up to them fold to, and what read models say of the log is in it. What was appended
 * since it began is left to the next time.
 *
 * It changes nothing, and works beside running apps. Behind a problem it goes on with the next event; a stream with one is
 * folded no further.
 *
 * Memory: about 45 bytes a stream, the states of at most 10,000 aggregates, and a batch of eight partitions; other states lie
 * in a file in the system's folder for temporary files.
 *
 * @throws StartError when the code's declarations cannot be used; VerifyScratchError; what the store throws when it cannot be
 *   read for now or is closed
 */
export async function verifyHistory(parts: VerifyParts, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { store, snapshots: snapshotStore = store.snapshots } = parts
  const { snapshotShare = 1, problems: keep = DEFAULT_PROBLEMS, signal } = options
  const readers = readersOf(parts)
  if (readers.problems.length > 0) throw new StartError(readers.problems)
  const { logId, partitions } = store
  const begun = performance.now()
  const problems = new Problems(keep)
  const skips = new Skips(keep)
  const table = new StreamTable()
  const types = new TypeCounts()
  const file = new StateFile()
  const folds = new StreamFolds(table, readers.catalog, file)
  const snapshots = snapshotStore && new SnapshotChecks(snapshotStore, snapshotShare, table, problems)
  try {
    // In front of the ends: what a projection has folded by then is in the log by then.
    const readModels = await look(parts, problems)
    const checks = new EventChecks({
      ...{ logId, partitions, readers, problems, table, folds, types, snapshots, readModels },
    })
    const ends = await Promise.all(
      Array.from({ length: partitions }, (_, partition) => store.end(partition, { fresh: true })),
    )
    readModels?.checkCheckpoints(ends)
    const telling = new Telling(ends, problems, options.onProgress)
    const done = await readToEnds(store, ends, { checks, problems, telling, skips, signal, readModels })
    telling.tell()
    return {
      ...{ logId, partitions, done, events: telling.events, streams: table.size },
      ...{ notFolded: checks.notFolded, notRead: done ? telling.left : 0 },
      ...{ types: types.all, ...(skips.result && { skipped: skips.result }) },
      ...{ ...(snapshots && { snapshots: snapshots.result }) },
      ...(readModels && { readModels: readModels.result }),
      ...{ problems: problems.count, problemsByCode: problems.byCode, firstProblems: problems.first },
      durationMs: performance.now() - begun,
    }
  } finally {
    file[Symbol.dispose]()
  }
}

/** A read model that is of another log refuses to be opened. That is what is looked for, and the log can be read all the same. */
async function look(
  { store, readModels }: VerifyParts,
  problems: Problems,
): Promise<ReadModelChecks | undefined> {
  try {
    return readModels && (await ReadModelChecks.of(readModels, store.logId, problems))
  } catch (error) {
    if (!(error instanceof ReadModelOfAnotherLogError)) throw error
    problems.ofNoPlace(error)
    return undefined
  }
}
