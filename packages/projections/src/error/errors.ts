import { HindcastError } from '@hindcast/core'

/** The database of the read models cannot be reached or cannot work at the moment; it may pass. */
export class ReadModelUnreachableError extends HindcastError<'HC_READ_MODEL_UNREACHABLE'> {
  override readonly name = 'ReadModelUnreachableError'
  constructor(database: string, reason: string, cause?: unknown) {
    super(
      'HC_READ_MODEL_UNREACHABLE',
      `the read models in ${database} cannot be reached: ${reason}. Workers try again by themselves; see that it runs and answers`,
      { database, reason },
      { cause, retryable: true },
    )
  }
}

/** The database has no room to write; reading goes on. It may pass. */
export class ReadModelFullError extends HindcastError<'HC_READ_MODEL_FULL'> {
  override readonly name = 'ReadModelFullError'
  constructor(database: string, reason: string, cause?: unknown) {
    super(
      'HC_READ_MODEL_FULL',
      `the disk of ${database} is full: ${reason}. Make room there: nothing is damaged, and workers go on by themselves. ` +
        'Rows that nobody reads can be dropped (versions lists them, release drops them)',
      { database, reason },
      { cause, retryable: true },
    )
  }
}

/** Another transaction was in the way; nothing was changed, and the same again may succeed. */
export class ReadModelBusyError extends HindcastError<'HC_READ_MODEL_BUSY'> {
  override readonly name = 'ReadModelBusyError'
  constructor(database: string, reason: string, cause?: unknown) {
    super(
      'HC_READ_MODEL_BUSY',
      `another transaction was in the way in ${database}: ${reason}. Nothing was changed; workers try again by themselves`,
      { database, reason },
      { cause, retryable: true },
    )
  }
}

/** The database refuses this user, or lacks the right to what is asked. */
export class ReadModelRefusedError extends HindcastError<'HC_READ_MODEL_REFUSED'> {
  override readonly name = 'ReadModelRefusedError'
  constructor(database: string, reason: string, remedy: string, cause?: unknown) {
    super(
      'HC_READ_MODEL_REFUSED',
      `${database} refuses: ${reason}. ${remedy}`,
      { database, reason },
      { cause },
    )
  }
}

/** The database refused a statement of Hindcast for a reason that has no code of its own. */
export class ReadModelFailedError extends HindcastError<'HC_READ_MODEL_FAILED'> {
  override readonly name = 'ReadModelFailedError'
  constructor(database: string, sqlState: string, reason: string, cause?: unknown) {
    super(
      'HC_READ_MODEL_FAILED',
      `${database} could not do it: ${reason} (SQLSTATE ${sqlState}). The cause has the statement's details`,
      { database, sqlState, reason },
      { cause },
    )
  }
}

/** The tables of a projection version are there, but not as Hindcast made them. */
export class ReadModelChangedError extends HindcastError<'HC_READ_MODEL_CHANGED'> {
  override readonly name = 'ReadModelChangedError'
  constructor(projection: string, version: number, reason: string, cause?: unknown) {
    super(
      'HC_READ_MODEL_CHANGED',
      `projection "${projection}" version ${version} cannot use schema ${projection}_v${version}: ${reason}`,
      { projection, projectionVersion: version, reason },
      { cause },
    )
  }
}

/** A newer Hindcast wrote the bookkeeping of the read models. */
export class ReadModelNewerError extends HindcastError<'HC_READ_MODEL_NEWER'> {
  override readonly name = 'ReadModelNewerError'
  constructor(database: string, format: number, known: number) {
    super(
      'HC_READ_MODEL_NEWER',
      `schema hindcast in ${database} has format ${format}, and this code knows ${known} at most. Upgrade this process; nothing was changed`,
      { database, format, known },
    )
  }
}

/** The bookkeeping of the read models is of a time before the first release. */
export class ReadModelOlderError extends HindcastError<'HC_READ_MODEL_OLDER'> {
  override readonly name = 'ReadModelOlderError'
  constructor(database: string, format: number, known: number) {
    super(
      'HC_READ_MODEL_OLDER',
      `schema hindcast in ${database} has format ${format}, and this code knows ${known} only. Drop the schemas hindcast and read and those of ` +
        'the projection versions, and start again: read models are folded anew from the log; nothing was changed',
      { database, format, known },
    )
  }
}

/** A view in schema `read` would hide that of another projection. */
export class ReadModelNameTakenError extends HindcastError<'HC_READ_MODEL_NAME_TAKEN'> {
  override readonly name = 'ReadModelNameTakenError'
  constructor(view: string, projection: string, taken: string) {
    super(
      'HC_READ_MODEL_NAME_TAKEN',
      `projection "${projection}" has a table "${view}", and the view read.${view} belongs to ${taken}. Give the table another name`,
      { view, projection, taken },
    )
  }
}

/** An option of `postgres()` or `pglite()` cannot be used. */
export class ReadModelOptionError extends HindcastError<'HC_READ_MODEL_OPTION'> {
  override readonly name = 'ReadModelOptionError'
  constructor(option: string, reason: string) {
    super('HC_READ_MODEL_OPTION', `${option} ${reason}`, { option, reason })
  }
}

/** A handler ended while a statement of its own was still running: nothing was committed. */
export class SqlNotAwaitedError extends HindcastError<'HC_SQL_NOT_AWAITED'> {
  override readonly name = 'SqlNotAwaitedError'
  constructor(statement: string) {
    super(
      'HC_SQL_NOT_AWAITED',
      `a handler ended before its statement did: ${statement}. Put await in front of every sql.query(…)`,
      { statement },
    )
  }
}

/** Another process, or another app of this one, works on the folder. */
export class ReadModelInUseError extends HindcastError<'HC_READ_MODEL_IN_USE'> {
  override readonly name = 'ReadModelInUseError'
  constructor(folder: string, pid: number) {
    super(
      'HC_READ_MODEL_IN_USE',
      `the read models in folder "${folder}" are in use by process ${pid}. Stop it, or use postgres(url), which processes share`,
      { folder, pid },
    )
  }
}

/** A folder cannot be used for read models: it holds something else, is damaged, or cannot be written. */
export class ReadModelFolderError extends HindcastError<'HC_READ_MODEL_FOLDER'> {
  override readonly name = 'ReadModelFolderError'
  constructor(folder: string, reason: string, cause?: unknown) {
    super(
      'HC_READ_MODEL_FOLDER',
      `folder "${folder}" cannot be used for read models: ${reason}`,
      { folder, reason },
      { cause },
    )
  }
}
