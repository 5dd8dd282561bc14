/**
 * Starts an operation at a steady rate, whether those before have ended or not: who comes does not wait for who came.
 *
 * @param operation - gets the number of the operation and the moment in which it was due: times are taken from there, so that
 *   an operation that could only be started late counts as late
 * @returns when all have ended
 */
export async function openLoop(
  perSecond: number,
  seconds: number,
  operation: (n: number, due: number) => Promise<void>,
): Promise<void> {
  const total = Math.round(perSecond * seconds)
  const begun = performance.now()
  const running: Promise<void>[] = []
  await new Promise<void>((resolve, reject) => {
    const start = (): void => {
      const now = performance.now()
      for (; running.length < total;) {
        const due = begun + (running.length * 1000) / perSecond
        if (due > now) break
        running.push(operation(running.length, due))
      }
      if (running.length < total) setTimeout(start, 1)
      else Promise.all(running).then(() => resolve(), reject)
    }
    start()
  })
}
