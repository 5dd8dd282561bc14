import { CONTEXT } from '../aggregate/context-key.js'
import type { LoadedAggregate } from '../aggregate/emission.js'
import { catchUp, copyOf, loadAggregate, reloadAggregate } from '../aggregate/load.js'
import type { Appended, Conflict, EventStore, StreamVersion, StreamWrite } from '../store/event-store.js'
import { partitionOf } from '../store/partition.js'
import { makePosition } from '../store/position.js'
import { backOff } from './back-off.js'
import type { Snapshot } from '../snapshot/snapshot-store.js'
import { decide, type Decision } from './decide.js'
import { CommandTimeoutError } from './errors.js'
import { executedBefore } from './executed-before.js'
import type { CommandBusHost, Job } from './job.js'
import type { Mailbox } from './mailbox.js'
import type { Executed } from './options.js'
import { decodeResult } from './result.js'
import { snapshotsOf } from './newest-snapshot.js'
import { isSnapshotDue, snapshotOf } from './snapshot-due.js'
import type { SnapshotSaver } from './snapshot-saver.js'

/** What one attempt at a command came to: its outcome, or the need to decide again (with the conflict, if there was one). @internal */
export type AttemptOutcome =
  { readonly executed: Executed<unknown> } | { readonly again: Conflict | undefined }

/** What a command is decided on. */
interface Standing {
  readonly root: LoadedAggregate
  /** The version of the last event in it. */
  readonly base: number
  /** The breaks there had been. */
  readonly breaks: number
  readonly wasCached: boolean
}

/** Decides and appends a command once: waits for its turn, decides on the current state, sends the append, settles. @internal */
export class Attempt {
  readonly #host: CommandBusHost
  readonly #saver: SnapshotSaver
  readonly #job: Job
  readonly #mailbox: Mailbox

  constructor(host: CommandBusHost, saver: SnapshotSaver, job: Job, mailbox: Mailbox) {
    this.#host = host
    this.#saver = saver
    this.#job = job
    this.#mailbox = mailbox
  }

  run(isFirst: boolean): Promise<AttemptOutcome> {
    const waiting = this.#mailbox.turn.enter()
    return waiting ? waiting.then(() => this.#inTurn(isFirst)) : this.#inTurn(isFirst)
  }

  /** Every way from here leaves the turn once, when the append is sent: it is not held while the append is on its way. */
  #inTurn(isFirst: boolean): Promise<AttemptOutcome> {
    const { root } = this.#mailbox
    const { mayRepeat, fresh } = this.#job
    return root && !mayRepeat && !fresh ? this.#decideAtOnce(root, isFirst) : this.#decideLater(isFirst)
  }

  /** The state is at hand. With a synchronous handler there is nothing to wait for, and no promise but the append's. */
  #decideAtOnce(root: LoadedAggregate, isFirst: boolean): Promise<AttemptOutcome> {
    const standing = this.#standing(root, true)
    let deciding: Decision | Promise<Decision> | undefined
    try {
      if (isFirst) this.#refuseIfLate()
      deciding = decide(root, this.#job, this.#host)
      if (!(deciding instanceof Promise)) return this.#conclude(deciding, standing)
    } finally {
      if (!(deciding instanceof Promise)) this.#mailbox.turn.leave()
    }
    return this.#whenDecided(deciding, standing)
  }

  async #whenDecided(deciding: Promise<Decision>, standing: Standing): Promise<AttemptOutcome> {
    let settled: Promise<AttemptOutcome>
    try {
      settled = this.#conclude(await deciding, standing)
    } finally {
      this.#mailbox.turn.leave()
    }
    return settled
  }

  async #decideLater(isFirst: boolean): Promise<AttemptOutcome> {
    const mailbox = this.#mailbox
    let settled: Promise<AttemptOutcome>
    try {
      if (isFirst) this.#refuseIfLate()
      const before = this.#job.mayRepeat ? await this.#findBefore() : undefined
      if (before) return { executed: before }
      const cached = this.#job.fresh ? undefined : mailbox.root
      const standing = this.#standing(cached ?? (await this.#load()), cached !== undefined)
      const deciding = decide(standing.root, this.#job, this.#host)
      settled = this.#conclude(deciding instanceof Promise ? await deciding : deciding, standing)
    } finally {
      mailbox.turn.leave()
    }
    return settled
  }

  #standing(root: LoadedAggregate, wasCached: boolean): Standing {
    return { root, base: root[CONTEXT].version, breaks: this.#mailbox.breaks, wasCached }
  }

  #conclude(decision: Decision, standing: Standing): Promise<AttemptOutcome> {
    const mailbox = this.#mailbox
    const { root, base, breaks, wasCached } = standing
    if (decision.forget) mailbox.forget()
    if (mailbox.breaks !== breaks) return Promise.resolve({ again: mailbox.conflict })
    return decision.events.length > 0
      ? this.#append(root, decision, base)
      : this.#concludeWithoutEvents(root, decision, base, wasCached)
  }

  #refuseIfLate(): void {
    const { deadline, route, stream } = this.#job
    if (performance.now() >= deadline)
      throw new CommandTimeoutError(route.handler.commandName, stream, this.#host.commandTimeoutMs, 'waiting')
  }

  async #findBefore(): Promise<Executed<unknown> | undefined> {
    if (this.#mailbox.commandIds.has(this.#job.commandId)) await this.#mailbox.drain()
    return executedBefore(this.#job, this.#host.store)
  }

  async #load(): Promise<LoadedAggregate> {
    const mailbox = this.#mailbox
    const { store, catalog } = this.#host
    const { route, stream, key, fresh } = this.#job
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
    this.#save(this.#dueSnapshot(loaded.root))
    return loaded.root
  }

  #append(root: LoadedAggregate, decision: Decision, base: number): Promise<AttemptOutcome> {
    const { commandId, mayRepeat, stream, partitionKey, metadata, route } = this.#job
    const mailbox = this.#mailbox
    const after = mailbox.lastEventId
    const { events, resultText } = decision
    const write: StreamWrite = { stream, partitionKey, expected: versionOf(base), events }
    root[CONTEXT].sent = root[CONTEXT].version
    const snapshot = decision.forget ? undefined : this.#dueSnapshot(root)
    const command = route.handler.commandName
    const answer = this.#host.store.append(
      [after === undefined ? write : { ...write, after }],
      resultText === undefined
        ? { commandId, command, metadata }
        : { commandId, command, metadata, result: resultText },
    )
    mailbox.appendSent(mayRepeat ? commandId : undefined, events[events.length - 1]!.id)
    const settled = this.#settle(answer, decision, snapshot)
    mailbox.tail = settled
    return settled
  }

  async #settle(
    answer: Promise<Appended | Conflict>,
    decision: Decision,
    snapshot: Snapshot | undefined,
  ): Promise<AttemptOutcome> {
    const { commandId, mayRepeat } = this.#job
    let durable: Appended | undefined
    try {
      const appended = await answer
      if (appended.kind === 'conflict') return { again: (this.#mailbox.conflict = appended) }
      if (!appended.repeated) durable = appended
    } finally {
      this.#mailbox.appendSettled(mayRepeat ? commandId : undefined, durable?.position)
    }
    const result = decodeResult(decision.resultText)
    if (!durable) {
      const before = await executedBefore(this.#job, this.#host.store)
      return before ? { executed: before } : { again: undefined }
    }
    this.#save(snapshot)
    const { position, versions } = durable
    return { executed: { result, position, version: versions[0]!, repeated: false } }
  }

  /** A refusal or an empty outcome counts once everything it was decided on is durable, and nothing newer was there. */
  async #concludeWithoutEvents(
    root: LoadedAggregate,
    decision: Decision,
    base: number,
    wasCached: boolean,
  ): Promise<AttemptOutcome> {
    const mailbox = this.#mailbox
    const { breaks } = mailbox
    await mailbox.whenSettled()
    if (mailbox.breaks !== breaks) return { again: mailbox.conflict }
    const moved = wasCached ? await this.#movedTo(root, base) : undefined
    if (moved !== undefined) {
      if (mailbox.root === root) mailbox.forget()
      return {
        again: { kind: 'conflict', stream: this.#job.stream, expected: versionOf(base), actual: moved },
      }
    }
    if (decision.failure) throw decision.failure.error
    const { store } = this.#host
    const partition = partitionOf(this.#job.partitionKey, store.partitions)
    const position = mailbox.position ?? makePosition(store.logId, partition, 0n)
    return {
      executed: {
        result: decodeResult(decision.resultText),
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
    const { breaks } = this.#mailbox
    const context = root[CONTEXT]
    if (context.sent <= base) {
      const last = await lastVersion(this.#host.store, this.#job.stream, base + 1)
      if (last === undefined) return undefined
      if (context.sent <= base) return last
    }
    await this.#mailbox.whenSettled()
    return this.#mailbox.breaks === breaks ? undefined : (this.#mailbox.conflict?.actual ?? 'none')
  }

  /** It is on its way beside the commands. */
  #save(snapshot: Snapshot | undefined): void {
    if (snapshot) this.#saver.add(snapshot)
  }

  #dueSnapshot(root: LoadedAggregate): Snapshot | undefined {
    try {
      return isSnapshotDue(root) ? snapshotOf(root) : undefined
    } catch (error) {
      this.#host.snapshotFailed(this.#job.stream, error)
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
