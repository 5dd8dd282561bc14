import { open, type RootDatabase } from 'lmdb'
import type { RawStreams } from './log-ground.js'

/**
 * The lmdb package with the flags of our store. A single caller commits on this thread, which is 0.1 ms faster; several
 * use `put`, which lmdb itself groups into transactions.
 */
export class RawLmdb implements RawStreams {
  readonly #root: RootDatabase<string, (string | number)[]>
  readonly #alone: boolean
  readonly #lengths = new Map<string, number>()

  constructor(folder: string, callers: number) {
    this.#root = open<string, (string | number)[]>({
      path: folder,
      encoding: 'string',
      noSubdir: false,
      overlappingSync: false,
      mapSize: 2 ** 36,
    })
    this.#alone = callers === 1
  }

  async append(stream: string, value: object): Promise<void> {
    const n = this.#lengths.get(stream) ?? 0
    this.#lengths.set(stream, n + 1)
    const text = JSON.stringify(value)
    if (this.#alone) this.#root.transactionSync(() => this.#root.putSync([stream, n], text))
    else await this.#root.put([stream, n], text)
  }

  read(stream: string): readonly object[] {
    const values: object[] = []
    for (const { value } of this.#root.getRange({ start: [stream, 0], end: [stream, Infinity] }))
      values.push(JSON.parse(value) as object)
    return values
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root.close()
  }
}
