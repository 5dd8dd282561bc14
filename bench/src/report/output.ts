import type { ResultLine } from './result-line.js'

/** Where findings go while a suite runs. */
export interface Output {
  readonly start: (heading: Heading) => void
  readonly line: (line: ResultLine) => void
  readonly note: (text: string) => void
}

/** What a suite measures, and on what. */
interface Heading {
  readonly suite: string
  readonly about: string
  readonly store: string
  readonly durability: string
  readonly baseline: string
  readonly machine: string
  /** What the reader of the figures must know of the machine. */
  readonly warning: string | undefined
}
