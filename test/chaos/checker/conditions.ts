import type { History, LoggedEvent, PlannedWrite } from '../history/operation.js'
import type { Defect } from './defect.js'
import { attemptsByCommand, eventsByCommand, eventsByStream } from './grouping.js'

/** Every append in the log found its streams as it expected them. */
export function checkConditions(history: History): Defect[] {
  const defects: Defect[] = []
  const streams = eventsByStream(history.log)
  const logged = eventsByCommand(history)
  for (const [commandId, attempts] of attemptsByCommand(history)) {
    const events = logged.get(commandId)
    if (!events) continue
    // One of the attempts wrote it: at least one must have had its condition met.
    const met = attempts.some(attempt => attempt.writes.every(write => isMet(write, events, streams)))
    if (!met)
      defects.push({
        kind: 'conditionBroken',
        detail: `command ${commandId} of ${attempts[0]!.writer} expected ${expectations(attempts[0]!.writes)} and is in the log`,
      })
  }
  return defects
}

function isMet(
  write: PlannedWrite,
  events: readonly LoggedEvent[],
  streams: ReadonlyMap<string, readonly LoggedEvent[]>,
): boolean {
  const first = events.find(event => event.stream === write.stream)
  if (!first) return false
  const before = first.version === 0 ? undefined : streams.get(write.stream)?.[first.version - 1]
  const { expected, after } = write
  if (expected === 'any') return true
  if (expected === 'none') return first.version === 0
  if (expected === 'exists') return first.version > 0
  return first.version === expected + 1 && (after === undefined || before?.id === after)
}

function expectations(writes: readonly PlannedWrite[]): string {
  return writes.map(write => `${write.stream} at ${write.expected}`).join(', ')
}
