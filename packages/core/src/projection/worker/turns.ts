/** Lets so many go on at a time, in the order in which they came. */
export class Turns {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(atATime: number) {
    this.#free = atATime
  }

  /** Waits for a turn, or for the signal. @returns ends the turn; calling it again does nothing */
  async take(signal: AbortSignal): Promise<() => void> {
    if (this.#free > 0) this.#free--
    else if (signal.aborted || !(await this.#called(signal))) return () => undefined
    let isMine = true
    return () => {
      if (isMine) this.#pass()
      isMine = false
    }
  }

  /** The turn goes to who has waited longest. */
  #pass(): void {
    const [next] = this.#waiting
    if (next) next()
    else this.#free++
  }

  /** False when the signal was first: then nothing was passed on. */
  #called(signal: AbortSignal): Promise<boolean> {
    return new Promise(resolve => {
      const end = (called: boolean): void => {
        this.#waiting.delete(call)
        signal.removeEventListener('abort', giveUp)
        resolve(called)
      }
      const call = (): void => end(true)
      const giveUp = (): void => end(false)
      this.#waiting.add(call)
      signal.addEventListener('abort', giveUp)
    })
  }
}
