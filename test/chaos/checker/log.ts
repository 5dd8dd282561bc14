import type { History, LoggedEvent } from '../history/operation.js'
import type { Defect } from './defect.js'

/** The log in itself: ids unique, offsets and times in order, versions without a gap, commands in one piece. */
export function checkLog({ log }: History): Defect[] {
  const defects: Defect[] = []
  const ids = new Set<string>()
  const versions = new Map<string, number>()
  for (const events of log) {
    const commands = new Set<string>()
    let before: LoggedEvent | undefined
    for (const event of events) {
      if (ids.has(event.id))
        defects.push({ kind: 'doubled', detail: `event ${event.id} again at ${place(event)}` })
      ids.add(event.id)
      if (before?.commandId !== event.commandId) {
        if (commands.has(event.commandId))
          defects.push({ kind: 'doubled', detail: `command ${event.commandId} again at ${place(event)}` })
        commands.add(event.commandId)
      }
      const due = (versions.get(event.stream) ?? -1) + 1
      if (event.version !== due)
        defects.push({
          kind: 'misplaced',
          detail: `${place(event)} has version ${event.version}, ${due} is due`,
        })
      versions.set(event.stream, event.version)
      if (before && (event.offset <= before.offset || event.time < before.time))
        defects.push({
          kind: 'misplaced',
          detail: `${place(event)} is not behind ${place(before)} in offset and time`,
        })
      before = event
    }
  }
  return defects
}

/** Where an event is, for people. */
function place(event: LoggedEvent): string {
  return `${event.partition}:${event.offset} (${event.stream} version ${event.version})`
}
