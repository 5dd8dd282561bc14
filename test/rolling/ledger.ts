import type { Kind } from './build.js'
import type { Sent } from './checker.js'
import type { Wish } from './keys.js'
import type { Service } from './service.js'

/** With these nothing was written. */
export const REFUSALS: ReadonlySet<string> = new Set([
  'HC_EVENT_NEWER_THAN_CODE',
  'HC_EVENT_TYPE_UNKNOWN',
  'HC_APP_STOPPED',
])
const PAUSE_MS = 10

interface Entry extends Wish {
  readonly id: string
  readonly build: 'old' | 'new'
  outcome: Sent['outcome']
  version?: number
}

/** Every command that was sent to any process, and how it ended. */
export class Ledger {
  readonly #entries: Entry[] = []
  readonly #codes = new Map<string, number>()

  /** Every command, as of now; those without an answer are of unknown outcome. */
  get sent(): readonly Sent[] {
    return this.#entries.map(entry => ({ ...entry }))
  }

  /** How often commands were refused or failed, by code. */
  get codes(): ReadonlyMap<string, number> {
    return this.#codes
  }

  /** How many commands of a kind a build acknowledged. */
  acknowledged(build: 'old' | 'new', kind: Kind): number {
    return this.#entries.filter(
      each => each.build === build && each.kind === kind && each.outcome === 'acknowledged',
    ).length
  }

  /** Sends one command, and notes how it ended. @returns the code it was refused with; undefined when it was not */
  async send(service: Service, build: 'old' | 'new', { kind, key }: Wish): Promise<string | undefined> {
    const id = `${build}-${this.#entries.length}`
    const entry: Entry = { id, kind, key, build, outcome: 'unknown' }
    this.#entries.push(entry)
    const said = await service.execute(kind, key, id)
    if (!said) return undefined
    if ('version' in said) {
      if (typeof said.version === 'number') entry.version = said.version
      entry.outcome = 'acknowledged'
      return undefined
    }
    this.#codes.set(said.code, (this.#codes.get(said.code) ?? 0) + 1)
    if (REFUSALS.has(said.code)) entry.outcome = 'refused'
    return said.code
  }

  /** Sends the wishes in turn until it is told to stop, or the process has ended. */
  load(service: Service, build: 'old' | 'new', wishes: readonly Wish[]): { stop(): Promise<void> } {
    let isOn = true
    const done = (async () => {
      for (let turn = 0; isOn && !service.hasEnded; turn++) {
        // A step that shares no divisor with the number of wishes, so that neighbours are of other streams.
        await this.send(service, build, wishes[(turn * 7) % wishes.length]!)
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
      }
    })()
    return {
      stop: async () => {
        isOn = false
        await done
      },
    }
  }
}
