import type { Attempt, History, LoggedEvent } from '../history/operation.js'

/** The events that the log holds under a command id, in order. */
export function eventsByCommand({ log }: History): Map<string, LoggedEvent[]> {
  return grouped(log.flat(), event => event.commandId)
}

/** The events of each stream in the order of the log: by version, where the versions have no gap. */
export function eventsByStream(log: History['log']): Map<string, LoggedEvent[]> {
  return grouped(log.flat(), event => event.stream)
}

/** The attempts with the same command id: the first try and its repetitions, which all write the same events. */
export function attemptsByCommand({ attempts }: History): Map<string, Attempt[]> {
  return grouped(attempts, attempt => attempt.commandId)
}

function grouped<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(key(value))
    if (group) group.push(value)
    else groups.set(key(value), [value])
  }
  return groups
}
