import type { Newable } from '../../message/message.js'
import { ProjectionUnknownError } from '../../read-model/errors.js'
import { noOperations } from '../../read-model/no-operations.js'
import type { ReadModelOperations } from '../../read-model/operations.js'
import type { ReadModelStore } from '../../read-model/read-model-store.js'
import type { View } from '../../read-model/view.js'
import type { ProjectionHealth } from './health.js'
import type { ParkedEvents } from '../parking/parked-events.js'
import type { ProjectionProcess } from './projection-process.js'
import type { ProjectionRuntime } from './projection-runtime.js'

/** All projections of a process, on one read-model store. */
export class Projections implements ProjectionRuntime {
  readonly #store: ReadModelStore
  readonly #operations: (ReadModelOperations & AsyncDisposable) | undefined
  readonly #byType = new Map<Newable, ProjectionProcess>()
  #closed: Promise<void> | undefined

  constructor(store: ReadModelStore, operations?: ReadModelOperations & AsyncDisposable) {
    this.#store = store
    this.#operations = operations
  }

  get operations(): ReadModelOperations {
    return this.#operations ?? noOperations
  }

  add(process: ProjectionProcess): void {
    this.#byType.set(process.projection.type, process)
  }

  view(projection: Newable): View<never> {
    return this.#process(projection).view as View<never>
  }

  parked(projection: Newable): ParkedEvents {
    return this.#process(projection).parked
  }

  get inHand(): readonly string[] {
    return [...this.#byType.values()].flatMap(process => process.inHand)
  }

  #process(projection: Newable): ProjectionProcess {
    const process = this.#byType.get(projection)
    if (!process)
      throw new ProjectionUnknownError(
        projection.name,
        [...this.#byType.keys()].map(type => type.name),
      )
    return process
  }

  async health(): Promise<readonly ProjectionHealth[]> {
    const all = await Promise.all([...this.#byType.values()].map(process => process.health()))
    return all.flat()
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await this.#operations?.[Symbol.asyncDispose]()
    await Promise.all([...this.#byType.values()].map(process => process.stop()))
    await this.#store[Symbol.asyncDispose]()
  }
}
