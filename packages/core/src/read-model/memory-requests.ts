import type { ParkedRequest, RequestOutcome } from './parked-request.js'

/** The requests to the owners of one version of a projection, and what became of them. */
export class MemoryRequests {
  readonly #made = new Map<string, { readonly request: ParkedRequest; outcome?: RequestOutcome }>()

  add(request: ParkedRequest): void {
    if (!this.#made.has(request.id)) this.#made.set(request.id, { request })
  }

  /** In the order in which they were made. */
  open(): readonly ParkedRequest[] {
    return [...this.#made.values()].filter(({ outcome }) => !outcome).map(({ request }) => request)
  }

  answer(id: string, outcome: RequestOutcome): void {
    const made = this.#made.get(id)
    if (made) made.outcome = outcome
  }

  answerTo(id: string): RequestOutcome | undefined {
    return this.#made.get(id)?.outcome
  }
}
