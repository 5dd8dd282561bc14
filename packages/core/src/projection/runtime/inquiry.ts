import { ReadModelSilentError } from '../../read-model/errors.js'
import type { ProjectionVersion, ReadModelStore } from '../../read-model/read-model-store.js'
import type { Standing } from '../../read-model/standing.js'

/** How long the read models may take to say where a projection stands. */
const ANSWER_MS = 2_000

/** What the read models say of a projection, or why they say nothing. */
export interface Known {
  readonly standings: readonly Standing[]
  readonly failure: { readonly error: unknown } | undefined
}

/** Asks the read models where a projection stands, and waits for the answer no longer than health may take. */
export class Inquiry {
  readonly #store: ReadModelStore
  readonly #version: ProjectionVersion
  /** One at a time: where nobody answers, probes that ask again must not use up the connections. */
  #asked: Promise<Known> | undefined

  constructor(store: ReadModelStore, version: ProjectionVersion) {
    this.#store = store
    this.#version = version
  }

  async ask(): Promise<Known> {
    const { projection } = this.#version
    this.#asked ??= this.#store
      .standing(this.#version)
      .then(
        standings => ({ standings, failure: undefined }),
        (error: unknown) => ({ standings: [], failure: { error } }),
      )
      .finally(() => (this.#asked = undefined))
    const late = { standings: [], failure: { error: new ReadModelSilentError(projection, ANSWER_MS) } }
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<Known>(resolve => (timer = setTimeout(() => resolve(late), ANSWER_MS)))
    try {
      return await Promise.race([this.#asked, over])
    } finally {
      clearTimeout(timer)
    }
  }
}
