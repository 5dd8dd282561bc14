/** A value as SQL writes it; null is NULL. */
export type SqlText = string | null

/** A column of an answer. */
interface AnswerColumn {
  readonly name: string
  /** The object id of its SQL type. */
  readonly type: number
}

/** What one statement gave. */
export interface Answer {
  readonly columns: readonly AnswerColumn[]
  readonly rows: readonly (readonly SqlText[])[]
  /** The command's name as the server says it: COMMIT on an aborted transaction is answered with ROLLBACK. */
  readonly command: string
  readonly rowCount: number | null
}

/** Whoever held on to a connection after giving it back asks it for something. */
export class SessionEndedError extends Error {
  override readonly message = 'the transaction has ended; nothing can be asked of it any more'
}

/** One connection, which nobody else uses meanwhile. It throws what the database says, not yet coded. */
export interface Session {
  /**
   * Runs exactly one statement; several are refused by the server.
   *
   * @param keep - the statement comes again and again: the server keeps its plan
   */
  query(text: string, params?: readonly SqlText[], keep?: 'keep'): Promise<Answer>
  /** Runs several statements without parameters in one round trip. */
  script(text: string): Promise<readonly Answer[]>
  /** Statements that make it what it was when it was opened, behind SQL of a user; for `script`, outside of a transaction. */
  readonly pristine: string
  /** The id of the server's process behind it. */
  readonly pid: string
}

/** A connection kept for long, which says when it is lost. */
export interface Line extends Session, AsyncDisposable {
  /** Aborted when the connection is lost or closed. */
  readonly lost: AbortSignal
  /** Called with each notification; the line must LISTEN. */
  onNotification(callback: (channel: string, payload: string) => void): void
}

/** The one difference between a PostgreSQL server and PGlite: how a statement gets there. */
export interface Database extends AsyncDisposable {
  /** How it is named in messages, without a password. */
  readonly name: string
  /** Whether other processes may use it at the same time. */
  readonly shared: boolean
  /**
   * Lends a connection for the time of the work. When the connection is lost meanwhile it rejects at once, even if the work
   * waits for something else; a connection left inside a transaction is not used again.
   */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Opens a connection of its own; only where the database is shared. */
  line(): Promise<Line>
}
