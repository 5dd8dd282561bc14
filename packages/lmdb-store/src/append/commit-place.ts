import type { CommitPlace, StreamIndex } from '@hindcast/stream-index'

/** A larger group is worth another thread: its bytes take longer than the thread's start. */
const MAX_APPENDS_HERE = 256
/** A disk that takes longer on average would hold up everything else that this thread does. */
const MAX_MS_HERE = 2
/** How much one commit weighs in the average. */
const WEIGHT = 0.1
/** After a time of slow commits, so long the disk is left to another thread. */
const SLOW_FOR_MS = 1000

/**
 * Where to commit. On this thread a small commit is 0.1 ms faster (0.29 against 0.40 ms), but it stops the event loop for
 * that time, and for as long as another process holds LMDB's lock: a frozen one would freeze this one. So a commit runs here
 * only while no other process has the folder open, the disk is fast and nothing has failed yet.
 */
export class CommitPlaceChooser {
  private averageMs = 0
  private slowUntil = 0
  private broken = false

  constructor(private readonly index: StreamIndex) {}

  /** Runs a commit in the right place and learns from the time it takes. */
  async timed<T>(appends: number, commit: (place: CommitPlace) => Promise<T>): Promise<T> {
    const start = performance.now()
    const place = this.choose(appends, start)
    const result = await commit(place)
    if (place === 'here') this.learn(performance.now(), start)
    return result
  }

  private learn(now: number, start: number): void {
    this.averageMs += (now - start - this.averageMs) * WEIGHT
    if (this.averageMs <= MAX_MS_HERE) return
    this.slowUntil = now + SLOW_FOR_MS
    this.averageMs = 0
  }

  /** From now on aside: after a failure, lmdb's synchronous transactions do not check whether they have begun. */
  failed(): void {
    this.broken = true
  }

  private choose(appends: number, now: number): CommitPlace {
    const here = appends <= MAX_APPENDS_HERE && !this.broken && now >= this.slowUntil && this.index.isAlone()
    return here ? 'here' : 'aside'
  }
}
