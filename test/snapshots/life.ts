import { rmSync } from 'node:fs'
import { Hindcast, systemClock, uuidV7Source, type App, type EventStore } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import fc from 'fast-check'
import type { Ground } from './ground.js'
import { noting } from './noting.js'
import { Add, Clear, Show, tally } from './tally.js'

const KEYS = ['k1', 'k2', 'k3']
const EVERY = 4
const Saved = tally({ snapshotEvery: EVERY, snapshotOnStop: true })
const Replayed = tally()

/** One step of a history. */
export interface Step {
  readonly do: 'add' | 'clear' | 'snapshot' | 'restart' | 'lose' | 'copy' | 'restore'
  readonly key?: string
  readonly times?: number
}

const key = fc.constantFrom(...KEYS)

/** A random step: mostly appends, now and then a snapshot by hand, a restart, or snapshots that are lost between two runs. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('add' as const), key, times: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('snapshot' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'copy' as const, 'restore' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
)

/** Does what a history says. The snapshots lie beside the log, or apart: then a restored log does not take them along. */
export class Life {
  /** From which versions on streams were folded; above 0 where a snapshot was used. */
  readonly reads: number[] = []
  #n = 0
  #app: App | undefined
  #apart: EventStore | undefined

  constructor(
    readonly ground: Ground,
    readonly cachedAggregates: number,
    readonly snapshotsApart?: string,
  ) {}

  async app(): Promise<App> {
    if (this.snapshotsApart !== undefined) this.#apart ??= await openLmdb(this.snapshotsApart)
    this.#app ??= await Hindcast.start({
      store: async host => noting(await this.ground.store(host), this.reads),
      aggregates: [Saved],
      cachedAggregates: this.cachedAggregates,
      log: false,
      ...(this.#apart && { snapshots: this.#apart.snapshots! }),
    })
    return this.#app
  }

  async stop(): Promise<void> {
    await this.#app?.stop()
    await this.#apart?.[Symbol.asyncDispose]()
    this.#app = this.#apart = undefined
  }

  async live(step: Step): Promise<void> {
    const to = step.key ?? ''
    if (step.do === 'add')
      await (await this.app()).execute(to, Add.of({ n: (this.#n += 13), times: step.times! }))
    else if (step.do === 'clear') await (await this.app()).execute(to, Clear.of())
    else if (step.do === 'snapshot') await (await this.app()).snapshot(Saved, to)
    else await this.stop()
    if (step.do === 'copy') this.ground.copy()
    if (step.do === 'restore') this.ground.restore()
    if (step.do === 'lose') this.#lose()
  }

  /** The states as this life has them, and once more after a restart: what the stop has saved is loaded then. */
  async states(): Promise<readonly (readonly string[])[]> {
    const states = await statesOf(await this.app())
    await this.stop()
    const again = await statesOf(await this.app())
    await this.stop()
    return [states, again]
  }

  #lose(): void {
    this.ground.lose()
    if (this.snapshotsApart !== undefined) rmSync(this.snapshotsApart, { recursive: true, force: true })
  }
}

export function openLmdb(folder: string): Promise<EventStore> {
  return lmdb(folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
}

export async function statesOf(app: App): Promise<readonly string[]> {
  return Promise.all(KEYS.map(async each => (await app.execute(each, Show.of())).result))
}

/** The states of a log, folded from all its events. */
export async function replayed(store: Ground['store']): Promise<readonly string[]> {
  await using app = await Hindcast.start({ store, aggregates: [Replayed], log: false })
  return statesOf(app)
}
