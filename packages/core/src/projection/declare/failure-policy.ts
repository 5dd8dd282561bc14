/** How often and after which waits a failing event is tried again before the chosen outcome. */
export interface RetryOptions {
  /** How often, before the outcome; 0 goes to the outcome at once. Default 0: the same fold of the same event fails again. */
  readonly retries?: number
  /** The first wait, in milliseconds; it doubles each time. Default 100. */
  readonly minBackOffMs?: number
  /** The longest wait, in milliseconds. Default 5,000. */
  readonly maxBackOffMs?: number
}

/** What a projection does with an event that it cannot decode or fold: a value, made by `stop`, `park` or `skip`. */
export interface FailurePolicy extends Required<RetryOptions> {
  /** What is done when it still fails after the retries. */
  readonly outcome: 'stop' | 'park' | 'skip'
}

/** The partition stops before the event, until the code is mended and the process restarted. Nothing is left out. */
export function stop(options: RetryOptions = {}): FailurePolicy {
  return policy('stop', options)
}

/**
 * The event is set aside with all later ones of its keys, in order, and the others go on. A read model then equals the fold
 * of its prefix without the parked keys, and says which these are. `app.parked(…)` lists, retries and drops them.
 */
export function park(options: RetryOptions = {}): FailurePolicy {
  return policy('park', options)
}

/** The event is left out for good, with a record of it. For read models that may miss an event. */
export function skip(options: RetryOptions = {}): FailurePolicy {
  return policy('skip', options)
}

function policy(
  outcome: FailurePolicy['outcome'],
  { retries = 0, minBackOffMs = 100, maxBackOffMs = 5_000 }: RetryOptions,
): FailurePolicy {
  return Object.freeze({ outcome, retries, minBackOffMs, maxBackOffMs })
}

/** What is wrong with a policy; undefined when it can be used. @internal */
export function policyProblem({
  outcome,
  retries,
  minBackOffMs,
  maxBackOffMs,
}: FailurePolicy): string | undefined {
  if (!['stop', 'park', 'skip'].includes(outcome)) return 'it is made by stop(), park() or skip()'
  if (!(Number.isSafeInteger(retries) && retries >= 0))
    return `retries is ${retries}, it is a whole number of 0 or more`
  if (!(minBackOffMs > 0 && minBackOffMs <= maxBackOffMs && maxBackOffMs <= 3_600_000))
    return `minBackOffMs is ${minBackOffMs} and maxBackOffMs ${maxBackOffMs}; they are above 0, in this order, at most 3,600,000`
  return undefined
}
