import type { AggregateDefinition } from '../aggregate/definition.js'
import type { LoadedAggregate } from '../aggregate/emission.js'
import type { StateCopy } from '../aggregate/load.js'
import type { Conflict } from '../store/event-store.js'
import type { Position } from '../store/position.js'
import type { StreamPlace } from '../store/placed-write.js'
import type { Link } from './chain.js'
import type { SentAppend } from './sent-append.js'
import { SerialSection } from './serial-section.js'

/**
 * One stream inside this process: its cached state, and the commands under way.
 *
 * Commands decide one after the other (`turn`), each on the state that the one before left, but none waits for the appends
 * of those before it: an append is chained to the one in front by `StreamWrite.after`, so if that one is refused, so is
 * every append decided on top of it. `breaks` counts refused or failed appends: whatever was decided before a break and
 * is not durable decides again.
 *
 * A state is loaded only while no append is in flight, and none is sent while it loads; so a break always meets the state
 * that it breaks.
 *
 * @internal
 */
export class Mailbox implements Link<Mailbox> {
  before: Mailbox | undefined
  after: Mailbox | undefined
  readonly turn: SerialSection = new SerialSection()
  /** Commands that hold this mailbox; it is not evicted while there are any. */
  users = 0
  breaks = 0
  /** The breaks there had been when the state was loaded last. */
  breaksLoaded = 0
  /** How many times in a row the state was loaded because of a break. */
  lostRaces = 0
  /** The state as it was loaded last, for streams that others write too: after a lost race only what is newer is read. */
  copy: StateCopy | undefined
  /** The conflict that broke the chain last. */
  conflict: Conflict | undefined
  /** The state, including events whose appends are still in flight. */
  root: LoadedAggregate | undefined
  /** The position of the last event known to be durable. */
  position: Position | undefined
  /** The id of the last event in flight. */
  lastEventId: string | undefined
  /** The commands whose appends are in flight, of those whose id came from the caller: no other id can come a second time. */
  readonly commandIds: Set<string> = new Set()
  /** The append sent last. */
  last: SentAppend | undefined
  #inFlight = 0
  #drained: (() => void)[] = []

  constructor(
    readonly aggregate: AggregateDefinition,
    readonly key: string,
    readonly place: StreamPlace,
  ) {}

  /** Resolves when no append is in flight. Only for the holder of the turn: nobody else can send more meanwhile. */
  async drain(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>(resolve => this.#drained.push(resolve))
  }

  /** Resolves when the append sent last is settled, whatever came of it. */
  async whenSettled(): Promise<void> {
    await this.last?.whenSettled()
  }

  /** @param commandId - of a command that may come again */
  appendSent(commandId: string | undefined, lastEventId: string): void {
    this.#inFlight++
    if (commandId !== undefined) this.commandIds.add(commandId)
    this.lastEventId = lastEventId
  }

  appendSettled(commandId: string | undefined, durable: Position | undefined): void {
    if (commandId !== undefined) this.commandIds.delete(commandId)
    if (durable === undefined) this.break()
    else {
      this.position = durable
      this.lostRaces = 0
    }
    if (--this.#inFlight > 0) return
    this.lastEventId = undefined
    if (this.#drained.length > 0) for (const resolve of this.#drained.splice(0)) resolve()
  }

  /** Throws the state away: the next command loads it again. */
  forget(): void {
    this.root = undefined
  }

  /** Throws the state away and makes undecided what was decided on it. */
  break(): void {
    this.breaks++
    this.root = undefined
  }
}
