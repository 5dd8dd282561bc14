interface Offered<T> {
  readonly value: T
  readonly taken: () => void
}

/**
 * Several sources as one, in the order in which they offer. Each source has at most one value on offer, so none runs ahead of
 * who reads. (`Promise.race` in a loop would keep a reaction for each turn on every source that is silent.)
 *
 * @yields what the sources yield
 * @param stop - ends the sources; called when nobody reads any more, or when one has failed
 * @internal
 */
export async function* merge<T>(sources: readonly AsyncIterable<T>[], stop: () => void): AsyncGenerator<T> {
  const offers: Offered<T>[] = []
  let open = sources.length
  let closed = false
  let failure: { readonly error: unknown } | undefined
  let wake = (): void => undefined
  const drain = async (source: AsyncIterable<T>): Promise<void> => {
    try {
      for await (const value of source) {
        if (closed) return
        await new Promise<void>(taken => {
          offers.push({ value, taken })
          wake()
        })
      }
    } catch (error) {
      failure ??= { error }
    } finally {
      open--
      wake()
    }
  }
  const drained = sources.map(drain)
  try {
    while (open > 0 || offers.length > 0) {
      const offer = offers.shift()
      if (offer)
        try {
          yield offer.value
        } finally {
          offer.taken()
        }
      else if (failure) throw failure.error
      else await new Promise<void>(resolve => (wake = resolve))
    }
    if (failure) throw (failure as { readonly error: unknown }).error
  } finally {
    closed = true
    stop()
    for (const { taken } of offers.splice(0)) taken()
    await Promise.allSettled(drained)
  }
}
