import type { Layer } from './layer.js'
import type { Head } from './placed-append.js'

/** Changed in place: what lives long is dear to replace. */
type KnownHead = { -readonly [K in keyof Head]: Head[K] }

/** So many are remembered for certain, at most twice as many are; about 5 MB. */
const SIZE = 16_384

/**
 * The heads of streams that were asked for or written lately, so that a stream in use is not looked up in the file for every
 * append to it. Exact, since nobody but its process writes to an index.
 */
export class KnownHeads {
  private young = new Map<string, KnownHead>()
  private old = new Map<string, KnownHead>()

  get(stream: string): Head | undefined {
    const head = this.young.get(stream)
    if (head) return head
    const older = this.old.get(stream)
    if (older) this.set(stream, older)
    return older
  }

  set(stream: string, { partition, version, id }: Head): void {
    const known = this.young.get(stream)
    if (known) {
      known.partition = partition
      known.version = version
      known.id = id
      return
    }
    if (this.young.size >= SIZE) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(stream, { partition, version, id })
  }

  /** Takes over where the streams of a layer stand. A layer of very many is not worth it: then nothing is known. */
  learn(layer: Layer): void {
    if (layer.streams.size > SIZE) {
      this.young = new Map()
      this.old = new Map()
    } else for (const [stream, head] of layer.streams) this.set(stream, head)
  }
}
