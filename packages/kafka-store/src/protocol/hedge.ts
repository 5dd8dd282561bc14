/**
 * The first good answer of several candidates: the next one is tried when the one before has failed, or has not answered
 * within `staggerMs`. A frozen server, which accepts connections and is silent, then costs that long and no more.
 *
 * @throws AggregateError when all have failed
 */
export async function hedge<C, T>(
  candidates: readonly C[],
  staggerMs: number,
  ask: (candidate: C) => Promise<T>,
): Promise<T> {
  let next = 0
  let waiting: NodeJS.Timeout | undefined
  try {
    return await new Promise<T>((resolve, reject) => {
      const errors: unknown[] = []
      const tryNext = (): void => {
        clearTimeout(waiting)
        const candidate = candidates[next++]
        if (candidate === undefined) return
        ask(candidate).then(resolve, (error: unknown) => {
          errors.push(error)
          if (errors.length === candidates.length) reject(new AggregateError(errors, messageOf(errors)))
          else tryNext()
        })
        waiting = setTimeout(tryNext, staggerMs)
      }
      if (candidates.length === 0) reject(new AggregateError([], 'there is nobody to ask'))
      else tryNext()
    })
  } finally {
    clearTimeout(waiting)
    next = candidates.length
  }
}

function messageOf(errors: readonly unknown[]): string {
  return errors.map(error => (error instanceof Error ? error.message : String(error))).join('; ')
}
