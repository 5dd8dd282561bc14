import { CONTEXT } from '../aggregate/context-key.js'
import type { LoadedAggregate } from '../aggregate/emission.js'
import { catchUp, copyOf, loadAggregate, reloadAggregate } from '../aggregate/load.js'
import type {
  AppendOptions,
  AppendResult,
  Conflict,
  EventStore,
  StreamVersion,
} from '../store/event-store.js'
import { partitionOf } from '../store/partition.js'
import { CommandAppend, PlacedWrite } from '../store/placed-write.js'
import { makePosition, type Position } from '../store/position.js'
import { backOff } from './back-off.js'
import type { Snapshot } from '../snapshot/snapshot-store.js'
import { decide, type Decision } from './decide.js'
import { CommandTimeoutError } from './errors.js'
import { executedBefore } from './executed-before.js'
import type { CommandBusHost, Job } from './job.js'
import type { Mailbox } from './mailbox.js'
import type { Executed } from './options.js'
import { snapshotsOf } from './newest-snapshot.js'
import { SentAppend } from './sent-append.js'
import { isSnapshotDue, snapshotOf } from './snapshot-due.js'
import type { SnapshotSaver } from './snapshot-saver.js'

/** What one attempt at a command came to: its outcome, or the need to decide again (with the conflict, if there was one). @internal */
export type AttemptOutcome =
  { readonly executed: Executed<unknown> } | { readonly again: Conflict | undefined }

/** Which try of a command it is, and whether anything was waited for since the call: its time may then be up. @internal */
export interface Try {
  readonly isFirst: boolean
  readonly hasWaited: boolean
}

/** Decides and appends a command once: waits for its turn, decides on the current state, sends the append, settles. @internal */
export class Attempt {
  readonly #host: CommandBusHost
  readonly #saver: SnapshotSaver
  readonly job: Job
  readonly mailbox: Mailbox

  constructor(host: CommandBusHost, saver: SnapshotSaver, job: Job, mailbox: Mailbox) {
    this.#host = host
    this.#saver = saver
    this.job = job
    this.mailbox = mailbox
  }

  /** Sends an append straight away where nothing has to be waited for; otherwise resolves with what it came to. */
  run({ isFirst, hasWaited }: Try): SentAppend | Promise<AttemptOutcome> {
    const waiting = this.mailbox.turn.enter()
    return waiting ? this.#whenInTurn(waiting, isFirst) : this.#inTurn(isFirst && hasWaited)
  }

  /** What a try came to. */
  async outcomeOf(tried: SentAppend | AttemptOutcome | Promise<AttemptOutcome>): Promise<AttemptOutcome> {
    if (!(tried instanceof SentAppend)) return tried
    let answer: AppendResult
    try {
      answer = await tried.answer
    } catch (error) {
      this.failed(tried)
      throw error
    }
    return this.settle(tried, answer)
  }

  /** What an answered append came to. */
  settle(sent: SentAppend, answer: AppendResult): AttemptOutcome | Promise<AttemptOutcome> {
    const isConflict = answer.kind === 'conflict'
    if (isConflict) this.mailbox.conflict = answer
    this.#appendSettled(sent, isConflict || answer.repeated ? undefined : answer.position)
    if (isConflict) return { again: answer }
    if (answer.repeated) return this.#outcomeBefore()
    if (sent.snapshot) this.#saver.add(sent.snapshot)
    const { position, versions } = answer
    return { executed: { result: sent.result, position, version: versions[0]!, repeated: false } }
  }

  /** Takes note that an append has failed. */
  failed(sent: SentAppend): void {
    this.#appendSettled(sent, undefined)
  }

  async #whenInTurn(turn: Promise<void>, isFirst: boolean): Promise<AttemptOutcome> {
    await turn
    return this.outcomeOf(this.#inTurn(isFirst))
  }

  /** Every way from here leaves the turn once, when the append is sent: it is not held while the append is on its way. */
  #inTurn(mayBeLate: boolean): SentAppend | Promise<AttemptOutcome> {
    const { root } = this.mailbox
    const { mayRepeat, fresh } = this.job
    return root && !mayRepeat && !fresh ? this.#decideAtOnce(root, mayBeLate) : this.#decideLater(mayBeLate)
  }

  /** The state is at hand. With a synchronous handler there is nothing to wait for. */
  #decideAtOnce(root: LoadedAggregate, mayBeLate: boolean): SentAppend | Promise<AttemptOutcome> {
    const { breaks } = this.mailbox
    let deciding: Decision | Promise<Decision> | undefined
    try {
      if (mayBeLate) this.#refuseIfLate()
      deciding = decide(root, this.job, this.#host)
      if (!(deciding instanceof Promise)) return this.#conclude(deciding, breaks, true)
    } finally {
      if (!(deciding instanceof Promise)) this.mailbox.turn.leave()
    }
    return this.#whenDecided(deciding, breaks)
  }

  async #whenDecided(deciding: Promise<Decision>, breaks: number): Promise<AttemptOutcome> {
    let concluded: SentAppend | Promise<AttemptOutcome>
    try {
      concluded = this.#conclude(await deciding, breaks, true)
    } finally {
      this.mailbox.turn.leave()
    }
    return this.outcomeOf(concluded)
  }

  async #decideLater(mayBeLate: boolean): Promise<AttemptOutcome> {
    const mailbox = this.mailbox
    let concluded: SentAppend | Promise<AttemptOutcome>
    try {
      if (mayBeLate) this.#refuseIfLate()
      const before = this.job.mayRepeat ? await this.#findBefore() : undefined
      if (before) return { executed: before }
      const cached = this.job.fresh ? undefined : mailbox.root
      const root = cached ?? (await this.#load())
      const { breaks } = mailbox
      const deciding = decide(root, this.job, this.#host)
      const decision = deciding instanceof Promise ? await deciding : deciding
      concluded = this.#conclude(decision, breaks, cached !== undefined)
    } finally {
      mailbox.turn.leave()
    }
    return this.outcomeOf(concluded)
  }

  /**
   * @param breaks - as many as there had been when the state was decided on
   * @param wasCached - the state, so that the store was not asked for it
   */
  #conclude(decision: Decision, breaks: number, wasCached: boolean): SentAppend | Promise<AttemptOutcome> {
    const mailbox = this.mailbox
    if (decision.forget) mailbox.forget()
    if (mailbox.breaks !== breaks) return Promise.resolve({ again: mailbox.conflict })
    return decision.events.length > 0
      ? this.#append(decision)
      : this.#concludeWithoutEvents(decision, wasCached)
  }

  #refuseIfLate(): void {
    const { startedAt, route, stream } = this.job
    const { commandTimeoutMs } = this.#host
    if (performance.now() >= startedAt + commandTimeoutMs)
      throw new CommandTimeoutError(route.handler.commandName, stream, commandTimeoutMs, 'waiting')
  }

  async #findBefore(): Promise<Executed<unknown> | undefined> {
    if (this.mailbox.commandIds.has(this.job.commandId)) await this.mailbox.drain()
    return executedBefore(this.job, this.#host.store)
  }

  async #load(): Promise<LoadedAggregate> {
    const mailbox = this.mailbox
    const { store, catalog } = this.#host
    const { route, stream, key, fresh } = this.job
    await mailbox.drain()
    if (mailbox.root) {
      mailbox.position = (await catchUp(mailbox.root, store, { fresh })) ?? mailbox.position
      return mailbox.root
    }
    if (mailbox.breaks > mailbox.breaksLoaded) await backOff(mailbox.lostRaces++)
    mailbox.breaksLoaded = mailbox.breaks
    const { copy } = mailbox
    const loaded = copy
      ? await reloadAggregate(route.aggregate, catalog, stream, key, store, copy, { fresh })
      : await loadAggregate(
          route.aggregate,
          catalog,
          stream,
          key,
          store,
          snapshotsOf(this.#host, stream, route.aggregate),
          { fresh },
        )
    if (mailbox.breaks > 0) mailbox.copy = copyOf(loaded)
    mailbox.position = loaded.position
    mailbox.root = loaded.root
    const snapshot = this.#dueSnapshot(loaded.root)
    if (snapshot) this.#saver.add(snapshot)
    return loaded.root
  }

  #append(decision: Decision): SentAppend {
    const { commandId, mayRepeat, place, metadata, route } = this.job
    const mailbox = this.mailbox
    const { root, base, events, result, resultText } = decision
    const write = new PlacedWrite(place, versionOf(base), mailbox.lastEventId, events)
    root[CONTEXT].sent = root[CONTEXT].version
    const snapshot = decision.forget ? undefined : this.#dueSnapshot(root)
    const { commandName } = route.handler
    const answer = this.#send(write, new CommandAppend(commandId, commandName, metadata, resultText))
    mailbox.appendSent(mayRepeat ? commandId : undefined, events[events.length - 1]!.id)
    return (mailbox.last = new SentAppend(answer, result, snapshot))
  }

  /** A store that throws, where it is to reject, must not leave a state behind that the log does not have. */
  #send(write: PlacedWrite, options: AppendOptions): Promise<AppendResult> {
    try {
      return this.#host.store.append([write], options)
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  #appendSettled(sent: SentAppend, durable: Position | undefined): void {
    const { commandId, mayRepeat } = this.job
    this.mailbox.appendSettled(mayRepeat ? commandId : undefined, durable)
    sent.settle()
  }

  /** The command was executed before, so that its append was not written again. */
  async #outcomeBefore(): Promise<AttemptOutcome> {
    const before = await executedBefore(this.job, this.#host.store)
    return before ? { executed: before } : { again: undefined }
  }

  /** A refusal or an empty outcome counts once everything it was decided on is durable, and nothing newer was there. */
  async #concludeWithoutEvents(decision: Decision, wasCached: boolean): Promise<AttemptOutcome> {
    const mailbox = this.mailbox
    const { root, base } = decision
    const { breaks } = mailbox
    await mailbox.whenSettled()
    if (mailbox.breaks !== breaks) return { again: mailbox.conflict }
    const moved = wasCached ? await this.#movedTo(root, base) : undefined
    if (moved !== undefined) {
      if (mailbox.root === root) mailbox.forget()
      return {
        again: { kind: 'conflict', stream: this.job.stream, expected: versionOf(base), actual: moved },
      }
    }
    if (decision.failure) throw decision.failure.error
    const { store } = this.#host
    const partition = partitionOf(this.job.place.partitionKey, store.partitions)
    const position = mailbox.position ?? makePosition(store.logId, partition, 0n)
    return {
      executed: {
        result: decision.result,
        position,
        version: versionOf(base),
        repeated: false,
      },
    }
  }

  /**
   * Where the stream stands when it had moved beyond the state decided on; undefined when it had not. An append of this
   * process, sent after the decision on top of the same state, proves by its success that it had not; without one, the store
   * is asked.
   */
  async #movedTo(root: LoadedAggregate, base: number): Promise<StreamVersion | undefined> {
    const { breaks } = this.mailbox
    const context = root[CONTEXT]
    if (context.sent <= base) {
      const last = await lastVersion(this.#host.store, this.job.stream, base + 1)
      if (last === undefined) return undefined
      if (context.sent <= base) return last
    }
    await this.mailbox.whenSettled()
    return this.mailbox.breaks === breaks ? undefined : (this.mailbox.conflict?.actual ?? 'none')
  }

  #dueSnapshot(root: LoadedAggregate): Snapshot | undefined {
    try {
      return isSnapshotDue(root) ? snapshotOf(root) : undefined
    } catch (error) {
      this.#host.snapshotFailed(this.job.stream, error)
      return undefined
    }
  }
}

function versionOf(base: number): StreamVersion {
  return base < 0 ? 'none' : base
}

/** The version of the stream's last event, when it has one from a version on. */
async function lastVersion(store: EventStore, stream: string, from: number): Promise<number | undefined> {
  for await (const [event] of store.readStream(stream, { direction: 'backwards', limit: 1 }))
    if (event && event.version >= from) return event.version
  return undefined
}
