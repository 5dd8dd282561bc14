import { HindcastError } from '../error/hindcast-error.js'

/** A signal that an app can stop on. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGUSR2'

/** The signals that can be asked for. @internal */
export const STOP_SIGNALS: readonly StopSignal[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']

/**
 * Stops when the process gets one of the signals, and then lets the signal do what it would have done, unless somebody else
 * listens to it: the process ends as its parent expects. A second signal does that at once.
 *
 * @returns what ends it @internal
 */
export function stopOn(signals: readonly StopSignal[], stop: () => Promise<void>): () => void {
  let asked = false
  const forget = (): void => {
    for (const signal of signals) process.removeListener(signal, listener)
  }
  const end = (signal: StopSignal): void => {
    forget()
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const listener = (signal: StopSignal): void => {
    if (asked) return end(signal)
    asked = true
    void stop()
      .catch(warn)
      .finally(() => setImmediate(end, signal)) // a warning is written before
  }
  for (const signal of signals) process.on(signal, listener)
  return forget
}

/** Nobody waits for a stop that a signal asked for. */
function warn(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof HindcastError ? error.code : undefined
  process.emitWarning(message, { type: 'HindcastWarning', ...(code !== undefined && { code }) })
}
