import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  type AggregateOptions,
} from '@hindcast/core'

export class Added extends Event('tally.added') {
  n!: number
  name!: string
}
export class Cleared extends Event('tally.cleared') {}

export class Add extends Command('tally.add')<number> {
  n!: number
  /** How many events it makes. */
  times!: number
}
export class Clear extends Command('tally.clear') {}
/** Emits nothing: it is answered from what was loaded. */
export class Show extends Command('tally.show')<string> {}

/** A state in which every event, and their order, leaves a trace: also in what JSON does not have. */
export class Tally extends AggregateRoot<Added | Cleared> {
  digest = 7n
  count = 0
  last: Date | undefined
  sums: Map<string, number> = new Map()
  seen: Set<number> = new Set()

  @Handle(Add) add({ n, times }: Add): number {
    for (let i = 0; i < times; i++) this.emit(Added, { n: n + i, name: `name-${(n + i) % 5}` })
    return this.count
  }

  @Handle(Clear) clear(): void {
    this.emit(Cleared)
  }

  @Handle(Show) show(): string {
    const { digest, count, last, sums, seen } = this
    return JSON.stringify([String(digest), count, last?.getTime(), [...sums], [...seen]])
  }

  @Apply(Added) onAdded({ n, name }: Added): void {
    this.digest = (this.digest * 31n + BigInt(n)) % 1_000_000_007n
    this.count++
    this.last = new Date(n)
    this.sums.set(name, (this.sums.get(name) ?? 0) + n)
    this.seen.add(n % 7)
  }

  @Apply(Cleared) onCleared(): void {
    this.digest = (this.digest * 37n) % 1_000_000_007n
    this.last = undefined
    this.sums.clear()
  }
}

/** The tally under a snapshot policy, or without one: every load then folds everything. */
export function tally(options: AggregateOptions = {}): typeof Tally {
  @Aggregate('tally', options)
  class TallyWith extends Tally {}
  return TallyWith
}
