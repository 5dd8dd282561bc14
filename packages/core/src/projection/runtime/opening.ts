import { HindcastError } from '../../error/hindcast-error.js'
import { BackOff } from '../worker/back-off.js'

/** What is opened, and who hears how that goes. */
export interface OpeningParts {
  /** Opens, or throws; called again when what it threw says that waiting helps. */
  readonly attempt: () => Promise<void>
  /** Aborted when it shall be opened no longer. */
  readonly signal: AbortSignal
  /** Called when it has to wait, for another reason than before. */
  readonly waiting: (error: HindcastError) => void
  /** Called when it turns out, while it waits, that waiting does not help. */
  readonly refused: (error: unknown) => void
}

/** Why something is not open. */
export interface NotOpen {
  readonly error: unknown
  /** Whether it is tried again. */
  readonly waits: boolean
}

/** Opens something that may be away for a while: a database that starts later than the process. */
export class Opening {
  readonly #parts: OpeningParts
  #notOpen: NotOpen | undefined = { error: new Error('it has not been opened yet'), waits: true }
  #trying: Promise<void> = Promise.resolve()

  constructor(parts: OpeningParts) {
    this.#parts = parts
  }

  /** Why it is not open; undefined when it is. */
  get notOpen(): NotOpen | undefined {
    return this.#notOpen
  }

  /**
   * Opens; where that has to wait, it goes on trying and gives the reason.
   *
   * @param known - a reason that is known already: nothing is tried before the first wait
   * @throws what waiting does not help against
   */
  async open(known?: HindcastError): Promise<HindcastError | undefined> {
    const error = known ?? (await this.#try())
    if (!error) return undefined
    this.#wait(error)
    this.#trying = this.#tryAgain()
    return error
  }

  /** Ends trying; the signal has to be aborted. */
  async end(): Promise<void> {
    await this.#trying
  }

  async #tryAgain(): Promise<void> {
    const { signal, refused } = this.#parts
    const backOff = new BackOff()
    while (this.#notOpen) {
      await backOff.wait(signal)
      if (signal.aborted) return
      try {
        const error = await this.#try()
        if (error) this.#wait(error)
      } catch (error) {
        this.#notOpen = { error, waits: false }
        refused(error)
        return
      }
    }
  }

  /** The error that waiting may help against; undefined when it is open. */
  async #try(): Promise<HindcastError | undefined> {
    try {
      await this.#parts.attempt()
      this.#notOpen = undefined
      return undefined
    } catch (error) {
      if (error instanceof HindcastError && error.retryable) return error
      throw error
    }
  }

  #wait(error: HindcastError): void {
    const before = this.#notOpen?.error
    this.#notOpen = { error, waits: true }
    if (!(before instanceof HindcastError && before.message === error.message)) this.#parts.waiting(error)
  }
}
