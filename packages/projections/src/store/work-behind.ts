import { publishStep, type Fence, type ReadModelTx, type TransactResult } from '@hindcast/core'
import type { Database, Session } from '../driver/database.js'
import { proofOf, type Hold } from '../hold/hold.js'
import type { RowTable } from '../rows/row-table.js'
import { fencedBegin } from './checkpoint-sql.js'
import { WriteTransaction } from './write-transaction.js'

/** What is done in one transaction. */
export interface FencedWork {
  readonly database: Database
  readonly table: RowTable | undefined
  readonly fence: Fence
  readonly work: (tx: ReadModelTx) => Promise<void>
  readonly loadsFirst: readonly string[] | undefined
  readonly hold: Hold | undefined
}

/** The work of a transaction has thrown: that is the caller's own, and nothing that the database says. */
export class ThrownByWork extends Error {
  constructor(readonly thrown: unknown) {
    super('the work of a transaction has thrown')
  }
}

/**
 * Moves the checkpoint, does the work behind it, and commits.
 *
 * @throws ThrownByWork, unless the database is why it has thrown; else what the database says
 */
export async function workBehind(
  session: Session,
  { database, table, fence, work, loadsFirst, hold }: FencedWork,
): Promise<TransactResult> {
  publishStep('begun', fence)
  const proof = hold && proofOf(hold)
  const begun = session.script(fencedBegin(fence, !table, proof))
  const tx = new WriteTransaction(database, session, fence, table, loadsFirst)
  const answers = await begun
  if (answers.slice(proof ? -2 : -1).some(({ rowCount }) => rowCount !== 1)) {
    await session.script('rollback')
    return 'fenced'
  }
  publishStep('checkpoint-written', fence)
  try {
    await work(tx)
  } catch (error) {
    throw tx.passing ?? new ThrownByWork(error)
  } finally {
    tx.end()
  }
  const saved = tx.finish()
  publishStep('rows-written', fence)
  // Behind a statement that failed, COMMIT rolls back: it need not wait for their answers.
  const committed = commit(session, table ? undefined : session.pristine)
  for (const outcome of await Promise.allSettled([saved, committed]))
    if (outcome.status === 'rejected') throw outcome.reason
  publishStep('committed', fence)
  return 'committed'
}

/**
 * Commits, and runs what shall follow in the same round trip. COMMIT answers ROLLBACK, and no error, where a statement before
 * has failed.
 */
export async function commit(session: Session, afterwards?: string): Promise<void> {
  const [answer] = await session.script(afterwards === undefined ? 'commit' : `commit; ${afterwards}`)
  if (answer?.command !== 'COMMIT')
    throw new Error(`COMMIT was answered with ${answer?.command ?? 'nothing'}`)
}
