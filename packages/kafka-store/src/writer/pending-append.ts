import {
  makePosition,
  type AppendInput,
  type AppendMetadata,
  type AppendOptions,
  type AppendResult,
  type PreparedAppend,
  type StreamWrite,
} from '@hindcast/core'
import { commandHash } from '../index/command-hash.js'
import type { EncodableAppend } from '../record/batch-encoder.js'

type Resolve = (result: AppendResult) => void
type Reject = (error: unknown) => void

/** Those of the promise that was made last: a function of its own for each promise would be one more thing to collect. */
let lastResolve: Resolve
let lastReject: Reject
const keep = (resolve: Resolve, reject: Reject): void => {
  lastResolve = resolve
  lastReject = reject
}

const UNDECIDED: readonly number[] = []

/** An append that waits for its answer; once it is decided, as the log is to hold it. */
export class PendingAppend implements EncodableAppend {
  readonly writes: readonly StreamWrite[]
  readonly options: AppendOptions
  /** See the function of this name. */
  readonly commandHash: number
  readonly partition: number
  readonly events: number
  readonly bytes: number
  /** When it was called, by the monotonic clock in ms. */
  readonly since: number = performance.now()
  /** Its answer. */
  readonly settled: Promise<AppendResult>
  private readonly resolve: Resolve
  private readonly reject: Reject
  /** For each write the version of its last event, when it was decided. */
  versions: readonly number[] = UNDECIDED
  /** True when its promise is settled: whatever comes of it later interests nobody. */
  answered = false

  /**
   * @param input - which nobody changes any more
   * @param time - by the clock, when `append` was called; ms since 1970. Later that of its events
   */
  constructor(
    { writes, options }: AppendInput,
    { partition, events, bytes }: PreparedAppend,
    public time: number,
  ) {
    this.settled = new Promise(keep)
    this.resolve = lastResolve
    this.reject = lastReject
    this.writes = writes
    this.options = options
    this.commandHash = commandHash(options.commandId)
    this.partition = partition
    this.events = events
    this.bytes = bytes
  }

  get commandId(): string {
    return this.options.commandId
  }

  get command(): string | undefined {
    return this.options.command
  }

  get result(): string | undefined {
    return this.options.result
  }

  get metadata(): AppendMetadata | undefined {
    return this.options.metadata
  }

  /** Settles it with a result, unless it was settled before. */
  answer(result: AppendResult): void {
    if (this.answered) return
    this.answered = true
    this.resolve(result)
  }

  /** Tells that it was appended. @param offset - of its first event */
  appended(logId: string, offset: number): void {
    if (this.answered) return
    this.answered = true
    const { versions, partition } = this
    const position = makePosition(logId, partition, offset + this.events - 1)
    this.resolve({ kind: 'appended', repeated: false, versions, position })
  }

  /** Settles it with an error, unless it was settled before. */
  refuse(error: unknown): void {
    if (this.answered) return
    this.answered = true
    this.reject(error)
  }
}
