import type { History, Subscription } from '../history/operation.js'
import type { Defect } from './defect.js'

/** Every live reader saw exactly what lies between its first checkpoint and its last one, and reached the end. */
export function checkSubscriptions({ log, subscriptions }: History): Defect[] {
  return subscriptions.flatMap(subscription => {
    const due = (log[subscription.partition] ?? [])
      .filter(({ offset }) => offset >= subscription.from && offset < subscription.next)
      .map(event => event.id)
    const difference = firstDifference(due, subscription.eventIds)
    const details = [
      ...(difference === undefined ? [] : [describe(subscription, due, difference)]),
      ...(subscription.next >= subscription.due ? [] : [describeHalt(subscription)]),
    ]
    return details.map((detail): Defect => ({ kind: 'skippedBySubscriber', detail }))
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

function describeHalt({ reader, partition, next, due }: Subscription): string {
  return `${reader} stopped at ${next} of partition ${partition}, which ended at ${due}`
}
