import type { CommitPlace, StreamIndex } from '@hindcast/stream-index'

/** A disk that takes longer on average would hold up everything else that this thread does. */
const MAX_MS_HERE = 2
/** How much one commit weighs in the average. */
const WEIGHT = 0.1
/** A commit counts as at most this: one stall of the disk is not a slow disk, several in a row are. */
const MAX_SAMPLE_MS = 6
/**
 * After a time of slow commits, so long the disk is left to another thread. Disks stall for some 20 ms every few seconds:
 * with one second, and without the limit above, 64 clients spent a quarter of their time at half the speed.
 */
const SLOW_FOR_MS = 250

/**
 * Where to commit. On this thread a small commit is 0.1 ms faster (0.29 against 0.40 ms), and each append of a group takes a
 * sixth less processor time, for a transaction that changes threads is one inside another; but it stops the event loop while
 * the disk works, and for as long as another process holds LMDB's lock: a frozen one would freeze this one. So a commit runs
 * here only while no other process has the folder open, the disk is fast and nothing has failed yet.
 */
export class CommitPlaceChooser {
  private averageMs = 0
  private slowUntil = 0
  private decided = 0
  private broken = false

  constructor(private readonly index: StreamIndex) {}

  /**
   * Runs a transaction in the right place and learns from the time that its commit takes; what is decided in it is done on
   * this thread anyway.
   *
   * @param transact - calls back when everything is decided and only the commit is left
   */
  async timed<T>(transact: (place: CommitPlace, decided: () => void) => Promise<T>): Promise<T> {
    const place = this.choose()
    const result = await transact(place, () => (this.decided = performance.now()))
    if (place === 'here') this.learn(performance.now())
    return result
  }

  private learn(now: number): void {
    this.averageMs += (Math.min(now - this.decided, MAX_SAMPLE_MS) - this.averageMs) * WEIGHT
    if (this.averageMs <= MAX_MS_HERE) return
    this.slowUntil = now + SLOW_FOR_MS
    this.averageMs = 0
  }

  /** From now on aside: after a failure, lmdb's synchronous transactions do not check whether they have begun. */
  failed(): void {
    this.broken = true
  }

  private choose(): CommitPlace {
    const here = !this.broken && performance.now() >= this.slowUntil && this.index.isAlone()
    return here ? 'here' : 'aside'
  }
}
