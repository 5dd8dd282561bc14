/** A terminal, or whatever takes text. */
export interface TextSink {
  /** Takes text. */
  write(text: string): unknown
}

/** Text on a terminal that is drawn again in its place. */
export class Redrawn {
  readonly #sink: TextSink
  #lines = 0

  constructor(sink: TextSink) {
    this.#sink = sink
  }

  /** Puts a text in the place of the one before. Lines that are too long for the terminal are cut off, not wrapped. */
  show(text: string): void {
    const up = this.#lines > 0 ? `\u001B[${this.#lines}A` : ''
    this.#lines = text.split('\n').length
    this.#sink.write(`\u001B[?7l${up}\u001B[0J${text}\n\u001B[?7h`)
  }

  /** Leaves nothing of it, so that other lines can be written. */
  clear(): void {
    if (this.#lines > 0) this.#sink.write(`\u001B[${this.#lines}A\u001B[0J`)
    this.#lines = 0
  }
}
