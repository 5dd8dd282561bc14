import { HindcastError, type AwaitedDifferences, type Comparison, type LeftOut } from '@hindcast/core'

/** Somebody else rebuilds, copies or rolls back the same. */
export class RebuildRunningError extends HindcastError<'HC_REBUILD_RUNNING'> {
  override readonly name = 'RebuildRunningError'
  constructor(schema: string, owner: string, since: Date) {
    super(
      'HC_REBUILD_RUNNING',
      `schema ${schema} is being built by ${owner} since ${since.toISOString()}. Wait for it or end that process: what it has built stays, ` +
        'and ten seconds after its end the same operation goes on from there',
      { schema, owner, since: since.toISOString() },
      { retryable: true },
    )
  }
}

/** The build is not this process's any more: it stood still for longer than ten seconds, and another one took over. */
export class RebuildLostError extends HindcastError<'HC_REBUILD_LOST'> {
  override readonly name = 'RebuildLostError'
  constructor(schema: string) {
    super(
      'HC_REBUILD_LOST',
      `this process stood still for too long and lost schema ${schema} to another one; nothing of it was damaged. ` +
        'Do it again: it goes on from where the schema stands, or says who works on it',
      { schema },
    )
  }
}

/** An event cannot be folded, or log or database cannot be used: the build stands still. */
export class RebuildStoppedError extends HindcastError<'HC_REBUILD_STOPPED'> {
  override readonly name = 'RebuildStoppedError'
  constructor(schema: string, log: string, partition: number, next: bigint, cause: unknown) {
    super(
      'HC_REBUILD_STOPPED',
      `the build of schema ${schema} stands still at offset ${next} of partition ${partition} of log ${log}: ` +
        `${cause instanceof Error ? cause.message : String(cause)}. Readers see no difference. Mend the cause and do it again; ` +
        'it goes on from there, or begins anew where the code of the projection was changed',
      { schema, log, partition, next: String(next) },
      { cause },
    )
  }
}

/** What was built is not what readers have now; they have not been touched. */
export class RebuildDiffersError extends HindcastError<'HC_REBUILD_DIFFERS'> {
  override readonly name = 'RebuildDiffersError'
  constructor(
    /** The schema that was built and waits. */
    schema: string,
    /** What is left out of the build and is in what is read now. */
    readonly leftOut: LeftOut,
    /** Which rows differ; undefined when they were not compared. */
    readonly comparison?: Comparison,
  ) {
    const rows = comparison?.differentRows ?? 0
    const what = [
      ...(rows > 0 ? [`${rows} ${rows === 1 ? 'row is' : 'rows are'} not the same`] : []),
      ...(leftOut.parked > 0
        ? [
            `${events(leftOut.parked, 'is', 'are')} parked that ${leftOut.parked === 1 ? 'was' : 'were'} not before`,
          ]
        : []),
      ...(leftOut.skipped > 0
        ? [
            `${events(leftOut.skipped, 'was', 'were')} skipped that ${leftOut.skipped === 1 ? 'was' : 'were'} not before`,
          ]
        : []),
    ]
    super(
      'HC_REBUILD_DIFFERS',
      `schema ${schema} was built and is not swapped in: ${what.join(', ')}. The differences are in comparison. ` +
        'Readers read what they read before. To swap nevertheless, rebuild with acceptDifferences, on the command line ' +
        '--accept-differences; to give it up, release the schema',
      { schema, differentRows: rows, parked: leftOut.parked, skipped: leftOut.skipped },
    )
  }

  /** @internal */
  get awaited(): AwaitedDifferences {
    const { parked, skipped } = this.leftOut
    return { differentRows: this.comparison?.differentRows ?? 0, parked, skipped }
  }
}

/** A transaction of somebody else keeps the views or tables locked. */
export class SwapBlockedError extends HindcastError<'HC_SWAP_BLOCKED'> {
  override readonly name = 'SwapBlockedError'
  constructor(schema: string, timeoutMs: number, blockers: readonly string[]) {
    super(
      'HC_SWAP_BLOCKED',
      `schema ${schema} could not be swapped in within ${timeoutMs} ms, because others read the old tables: ` +
        `${blockers.length > 0 ? blockers.join('; ') : 'who they are was not to be seen'}. Nothing is lost: end those transactions ` +
        '(select pg_terminate_backend(pid)) or wait for them, and do it again with a longer swapTimeoutMs; what was built is used',
      { schema, timeoutMs, blockers },
      { retryable: true },
    )
  }
}

/** The connection was lost while a swap was being committed, and the database has not said since what became of it. */
export class SwapOutcomeUnknownError extends HindcastError<'HC_SWAP_OUTCOME_UNKNOWN'> {
  override readonly name = 'SwapOutcomeUnknownError'
  constructor(projection: string, schema: string, cause: unknown) {
    super(
      'HC_SWAP_OUTCOME_UNKNOWN',
      `readers of projection "${projection}" may have been given schema ${schema} or not: the connection was lost while that was committed, and the ` +
        'database has not answered since. Nothing is damaged. Look which schema is active (versions) when it answers, before you do it again',
      { projection, schema },
      { cause },
    )
  }
}

/** The schema of a copy is there. */
export class SchemaExistsError extends HindcastError<'HC_SCHEMA_EXISTS'> {
  override readonly name = 'SchemaExistsError'
  constructor(schema: string, whose: string) {
    super(
      'HC_SCHEMA_EXISTS',
      `there is a schema ${schema} already: ${whose}. Take another name; a copy of Hindcast's is given up with release`,
      { schema, whose },
    )
  }
}

/** A cut, or a time, that the log has not. */
export class CutError extends HindcastError<'HC_CUT'> {
  override readonly name = 'CutError'
  constructor(reason: string) {
    super('HC_CUT', `there are no rows as of then: ${reason}`, { reason })
  }
}

/** The operation cannot be done on what is there; nothing was changed. */
export class OperationRefusedError extends HindcastError<'HC_OPERATION_REFUSED'> {
  override readonly name = 'OperationRefusedError'
  constructor(operation: string, projection: string, reason: string) {
    super('HC_OPERATION_REFUSED', `${operation} of projection "${projection}" is refused: ${reason}`, {
      operation,
      projection,
      reason,
    })
  }
}

function events(count: number, one: string, several: string): string {
  return count === 1 ? `1 event ${one}` : `${count} events ${several}`
}
