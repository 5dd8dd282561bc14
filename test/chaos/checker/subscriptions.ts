import type { History, Subscription } from '../history/operation.js'
import type { Defect } from './defect.js'

/** Every live reader saw exactly what lies between its first checkpoint and its last one. */
export function checkSubscriptions({ log, subscriptions }: History): Defect[] {
  return subscriptions.flatMap(subscription => {
    const due = (log[subscription.partition] ?? [])
      .filter(({ offset }) => offset >= subscription.from && offset < subscription.next)
      .map(event => event.id)
    const difference = firstDifference(due, subscription.eventIds)
    return difference === undefined
      ? []
      : [{ kind: 'skippedBySubscriber', detail: describe(subscription, due, difference) }]
  })
}

function firstDifference(due: readonly string[], seen: readonly string[]): number | undefined {
  const length = Math.max(due.length, seen.length)
  for (let i = 0; i < length; i++) if (due[i] !== seen[i]) return i
  return undefined
}

function describe({ reader, partition, eventIds }: Subscription, due: readonly string[], i: number): string {
  return `${reader} read ${eventIds[i] ?? 'nothing more'} as event ${i} of partition ${partition}, ${due[i] ?? 'nothing more'} was due`
}
