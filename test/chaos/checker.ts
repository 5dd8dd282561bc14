import { checkConditions } from './checker/conditions.js'
import { checkConflicts } from './checker/conflicts.js'
import type { Defect } from './checker/defect.js'
import { checkLog } from './checker/log.js'
import { checkOutcomes } from './checker/outcomes.js'
import { checkSubscriptions } from './checker/subscriptions.js'
import type { History } from './history/operation.js'

/**
 * Holds a history against the promises of an event store: every acknowledged append is in the log exactly once, whole and
 * where it was said to be; no refused one is; every append met its condition; streams have no gap; a conflict was one; no
 * live reader missed an event. Knows nothing of any store.
 */
export function checkHistory(history: History): readonly Defect[] {
  return [
    ...checkLog(history),
    ...checkOutcomes(history),
    ...checkConditions(history),
    ...checkConflicts(history),
    ...checkSubscriptions(history),
    ...history.disagreements.map((detail): Defect => ({ kind: 'readsDisagree', detail })),
  ]
}
