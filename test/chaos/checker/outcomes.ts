import type { Attempt, History, LoggedEvent, PlannedAppend } from '../history/operation.js'
import type { Defect } from './defect.js'
import { attemptsByCommand, eventsByCommand } from './grouping.js'

/** What the writers were told against what the log holds. */
export function checkOutcomes(history: History): Defect[] {
  const defects: Defect[] = []
  const logged = eventsByCommand(history)
  const known = attemptsByCommand(history)
  for (const [commandId, attempts] of known)
    defects.push(...checkCommand(attempts, logged.get(commandId) ?? []))
  for (const commandId of logged.keys())
    if (!known.has(commandId))
      defects.push({ kind: 'refusedPresent', detail: `nobody appended command ${commandId}` })
  return defects
}

function checkCommand(attempts: readonly Attempt[], events: readonly LoggedEvent[]): Defect[] {
  const [first] = attempts
  if (!first) return []
  const name = `command ${first.commandId} of ${first.writer}`
  const acknowledged = attempts.some(({ outcome }) => outcome.kind === 'appended')
  if (events.length === 0)
    return acknowledged ? [{ kind: 'lost', detail: `${name} was acknowledged and is not in the log` }] : []
  const mayBeThere = acknowledged || attempts.some(({ outcome }) => outcome.kind === 'unknown')
  if (!mayBeThere) return [{ kind: 'refusedPresent', detail: `${name} was only refused and is in the log` }]
  if (!isWhole(first, events))
    return [
      { kind: acknowledged ? 'lost' : 'torn', detail: `${name} is in the log in part, or not in one piece` },
    ]
  return attempts
    .filter(attempt => !isWhereSaid(attempt, events))
    .map(attempt => ({
      kind: 'misplaced',
      detail: `${name} was answered with ${JSON.stringify(attempt.outcome)} and is elsewhere`,
    }))
}

/** True when the events are those that were to be written: all, in order, side by side. */
function isWhole(append: PlannedAppend, events: readonly LoggedEvent[]): boolean {
  const planned = append.writes.flatMap(write => write.eventIds.map(id => `${write.stream} ${id}`))
  const first = events[0]!
  return (
    planned.length === events.length &&
    events.every(
      (event, i) =>
        `${event.stream} ${event.id}` === planned[i] &&
        event.partition === first.partition &&
        event.offset === first.offset + BigInt(i),
    )
  )
}

function isWhereSaid({ outcome, writes }: Attempt, events: readonly LoggedEvent[]): boolean {
  if (outcome.kind !== 'appended') return true
  const last = events.at(-1)!
  const lastVersion = (stream: string): number | undefined =>
    events.findLast(event => event.stream === stream)?.version
  return (
    outcome.position.endsWith(`/${last.partition}:${last.offset}`) &&
    outcome.versions.length === writes.length &&
    writes.every((write, i) => lastVersion(write.stream) === outcome.versions[i])
  )
}
