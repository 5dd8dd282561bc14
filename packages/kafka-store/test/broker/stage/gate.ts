/** Something that waits until it is let go. */
export class Gate {
  readonly opened: Promise<void>
  /** Resolves when somebody stands in front of it. */
  readonly reached: Promise<void>
  open: () => void = () => undefined
  private arrive: () => void = () => undefined

  constructor() {
    this.opened = new Promise(resolve => (this.open = resolve))
    this.reached = new Promise(resolve => (this.arrive = resolve))
  }

  /** Waits in front of it. */
  pass(): Promise<void> {
    this.arrive()
    return this.opened
  }
}

/** Waits until a condition holds. @throws after thirty seconds */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it did not come to this: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
