import { memory } from '@hindcast/core'
import type { RawStreams, StoreBench } from './log-ground.js'

/** The log in memory, against a Map of arrays of JSON texts. */
export const memoryBench: StoreBench = {
  durability: 'none: the log ends with the process',
  baseline: 'Map + JSON.stringify',
  create: async () => ({
    log: memory(),
    raw: async () => new RawMemory(),
    rawStreams: async () => new RawMemory(),
    address: '',
    [Symbol.asyncDispose]: async () => undefined,
  }),
}

class RawMemory implements RawStreams {
  readonly #streams = new Map<string, string[]>()

  async append(stream: string, value: object): Promise<void> {
    let values = this.#streams.get(stream)
    if (!values) this.#streams.set(stream, (values = []))
    values.push(JSON.stringify(value))
  }

  read(stream: string): readonly object[] {
    return (this.#streams.get(stream) ?? []).map(text => JSON.parse(text) as object)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#streams.clear()
  }
}
