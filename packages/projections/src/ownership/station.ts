import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Line } from '../driver/database.js'
import type { HeldLock, Membership } from './membership.js'

const CHANNEL = 'hindcast_members'
const HELD = `select (classid::bigint << 32) | objid::bigint, pid from pg_locks
where locktype = 'advisory' and objsubid = 1 and granted
  and database = (select oid from pg_database where datname = current_database())`
/** Servers from version 14 on end a session that says nothing for so long: a frozen process loses its locks. */
const SILENCE = `select set_config('idle_session_timeout', $1, false)
where current_setting('server_version_num')::integer >= 140000`
const BEAT_MS = 1_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5_000

/**
 * The session of a process that holds its locks, and the beat in which its memberships are balanced: each second, and
 * whenever another member says that something changed.
 *
 * When the session is lost, everything is given up at once; a new one is opened and every membership begins again.
 */
export class Station {
  readonly #database: Database
  readonly #ownerTimeoutMs: number
  readonly #memberships = new Map<string, Membership>()
  readonly #closing = new AbortController()
  #line: Line | undefined
  #mine = 0
  #beating: Promise<void> | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #news = false
  #wake: () => void = () => undefined

  constructor(database: Database, ownerTimeoutMs: number) {
    this.#database = database
    this.#ownerTimeoutMs = ownerTimeoutMs
  }

  has(group: string): boolean {
    return this.#memberships.has(group)
  }

  get isEmpty(): boolean {
    return this.#memberships.size === 0
  }

  /** Adds a membership and gives it its first partitions. */
  async add(membership: Membership): Promise<void> {
    this.#memberships.set(membership.group, membership)
    await this.#inTurn(async () => {
      if (this.#line) await membership.enter(this.#line)
      else await this.#connect()
      await this.#balance()
    })
    this.#tell()
    this.#beating ??= this.#beat()
  }

  /** Takes a membership away when it has given everything up. */
  async remove(membership: Membership): Promise<void> {
    this.#memberships.delete(membership.group)
    await this.#inTurn(() => membership.leave(this.#line).catch(() => undefined))
    this.#tell()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#hear()
    await this.#beating
    await this.#inTurn(async () => this.#line?.[Symbol.asyncDispose]())
  }

  async #beat(): Promise<void> {
    const { signal } = this.#closing
    let pauseMs = FIRST_PAUSE_MS
    while (!signal.aborted) {
      await this.#rest(Math.min(BEAT_MS, this.#ownerTimeoutMs / 3))
      if (signal.aborted) return
      try {
        await this.#inTurn(async () => {
          if (!this.#line) await this.#connect()
          await this.#balance()
        })
        pauseMs = FIRST_PAUSE_MS
      } catch {
        // The workers themselves say that the database cannot be reached; here it is only tried again.
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      }
    }
  }

  /** Until the next beat or some news. */
  async #rest(ms: number): Promise<void> {
    if (!this.#news)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, ms)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    this.#news = false
  }

  #hear(): void {
    this.#news = true
    this.#wake()
  }

  async #connect(): Promise<void> {
    const line = await this.#database.line()
    try {
      line.onNotification(() => this.#hear())
      await line.query(SILENCE, [String(this.#ownerTimeoutMs)])
      await line.query(`listen ${CHANNEL}`)
      this.#mine = Number(line.pid)
      for (const membership of this.#memberships.values()) await membership.enter(line)
    } catch (error) {
      await line[Symbol.asyncDispose]()
      throw error
    }
    this.#line = line
    if (line.lost.aborted) this.#lose(line)
    else line.lost.addEventListener('abort', () => this.#lose(line))
  }

  #lose(line: Line): void {
    if (this.#line !== line) return
    this.#line = undefined
    for (const membership of this.#memberships.values()) membership.lose()
    this.#hear()
  }

  async #balance(): Promise<void> {
    const line = this.#line
    if (!line) return
    const { rows } = await line.query(HELD)
    const held: HeldLock[] = rows.map(([key, pid]) => ({ key: BigInt(key!), pid: Number(pid) }))
    for (const membership of this.#memberships.values())
      await membership.balance(line, held, this.#mine, () => this.#tell())
  }

  /** Tells every member, this one too, that something changed. */
  #tell(): void {
    void this.#line?.query(`notify ${CHANNEL}`).catch(() => undefined)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work)
    this.#turn = mine.catch(() => undefined)
    return mine
  }
}
