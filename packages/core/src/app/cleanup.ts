/** What has to be undone, newest first, each once, also when one of it fails. @internal */
export class Cleanup {
  readonly #steps: (() => PromiseLike<void> | void)[] = []

  defer(step: () => PromiseLike<void> | void): void {
    this.#steps.push(step)
  }

  /** @throws AggregateError of everything that failed, after all was tried */
  async run(): Promise<void> {
    const errors: unknown[] = []
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1)
      throw new AggregateError(errors, `${errors.length} parts of the app could not be closed`)
  }
}
