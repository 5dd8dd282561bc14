import type { PlacedEvent } from './given-event.js'

/** Events of one partition that are folded together. */
export interface Batch {
  readonly partition: number
  readonly next: bigint
  readonly events: readonly PlacedEvent[]
}

/** One way to cut a log into batches and to take turns among its partitions. */
export type Cut =
  | { readonly kind: 'whole' }
  | { readonly kind: 'single' }
  | { readonly kind: 'split'; readonly at: number }
  | { readonly kind: 'random'; readonly seed: number }

/**
 * Cuts a log: each partition whole, each event alone, everything before a moment and everything after it, or at random places
 * with the partitions interleaved at random.
 */
export function schedule(events: readonly PlacedEvent[], cut: Cut): readonly Batch[] {
  if (cut.kind === 'split')
    return [events.slice(0, cut.at), events.slice(cut.at)].flatMap(part => schedule(part, { kind: 'whole' }))
  const random = cut.kind === 'random' ? randomSource(cut.seed) : () => 0
  const left = new Map<number, PlacedEvent[]>()
  for (const event of events) {
    const partition = left.get(event.partition)
    if (partition) partition.push(event)
    else left.set(event.partition, [event])
  }
  const batches: Batch[] = []
  while (left.size > 0) {
    const partition = [...left.keys()][Math.floor(random() * left.size)]!
    const own = left.get(partition)!
    const size = { whole: own.length, single: 1, random: 1 + Math.floor(random() * own.length) }[cut.kind]
    const taken = own.splice(0, size)
    if (own.length === 0) left.delete(partition)
    batches.push({ partition, next: taken.at(-1)!.offset + 1n, events: taken })
  }
  return batches
}

/**
 * The same numbers in [0, 1) for the same seed. Seeds are spread by a multiplication: of small ones as they are, even the
 * first numbers are alike, and every cut would take the partitions in one order.
 *
 * @see Marsaglia, Xorshift RNGs, 2003
 */
function randomSource(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
