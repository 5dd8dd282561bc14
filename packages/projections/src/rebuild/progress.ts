import { channel } from 'node:diagnostics_channel'
import { MovingRate, type BuildPhase, type BuildProgress, type PartitionProgress } from '@hindcast/core'

const progressChannel = channel('hindcast:projections:build-progress')

/** Tells how far a build is. */
export class ProgressTeller {
  readonly #of: Pick<BuildProgress, 'projection' | 'version' | 'schema'>
  readonly #onProgress: ((progress: BuildProgress) => void) | undefined
  readonly #rate = new MovingRate()
  #phase: BuildPhase = 'building'
  #begin: ReadonlyMap<string, bigint> | undefined
  #partitions: readonly PartitionProgress[] = []
  #events = 0
  #error: unknown

  constructor(
    of: Pick<BuildProgress, 'projection' | 'version' | 'schema'>,
    onProgress: ((progress: BuildProgress) => void) | undefined,
  ) {
    this.#of = of
    this.#onProgress = onProgress
  }

  /** How many records were passed. */
  get events(): number {
    return this.#events
  }

  /** Another phase begins. */
  enter(phase: BuildPhase): void {
    this.#phase = phase
    this.#tell()
  }

  /** The partitions are here by now, and one of them cannot go on because of an error. */
  at(partitions: readonly PartitionProgress[], error?: unknown): void {
    this.#error = error
    this.#begin ??= new Map(partitions.map(place => [nameOf(place), place.next]))
    this.#partitions = partitions
    const events = partitions.reduce((sum, place) => sum + this.#passed(place, place.next), 0)
    this.#rate.add(Math.max(0, events - this.#events))
    this.#events = Math.max(events, this.#events)
    this.#tell()
  }

  #passed(place: PartitionProgress, next: bigint): number {
    return Number(next - (this.#begin?.get(nameOf(place)) ?? 0n))
  }

  #tell(): void {
    if (!this.#onProgress && !progressChannel.hasSubscribers) return
    const totalEvents = this.#partitions.reduce((sum, place) => sum + this.#passed(place, place.end), 0)
    const eventsPerSecond = this.#rate.perSecond
    const left = Math.max(0, totalEvents - this.#events)
    const progress: BuildProgress = {
      ...this.#of,
      phase: this.#phase,
      events: this.#events,
      totalEvents: Math.max(totalEvents, this.#events),
      eventsPerSecond,
      ...(eventsPerSecond > 0 && { etaMs: Math.round((left / eventsPerSecond) * 1_000) }),
      partitions: this.#partitions,
      ...(this.#error !== undefined && { error: this.#error }),
    }
    this.#onProgress?.(progress)
    progressChannel.publish(progress)
  }
}

function nameOf({ log, partition }: PartitionProgress): string {
  return `${log}/${partition}`
}
