/** The kinds of defect, and what each means. */
export const DEFECTS = {
  lost: 'an acknowledged append is not in the log, or not whole',
  doubled: 'an event or a command id is in the log more than once',
  refusedPresent: 'an append that the store refused is in the log',
  torn: 'an append is in the log in part, or not in one piece',
  misplaced: 'versions have a gap, offsets or times run backwards, or an append is not where its answer said',
  conditionBroken: 'an append was accepted although its stream was not as expected',
  falseConflicts:
    'an append was refused although its stream was as expected all the time, or the answer names a version it never had then',
  readsDisagree: 'a stream read by itself, or a command looked up, is not what the log holds',
  skippedBySubscriber: 'a live reader missed an event, or saw one that is not in the log',
} as const

/** A kind of defect. */
export type DefectKind = keyof typeof DEFECTS

/** A broken promise. */
export interface Defect {
  readonly kind: DefectKind
  /** What was found, for people. */
  readonly detail: string
}

/** How many defects of each kind there are. */
export function countDefects(defects: readonly Defect[]): Record<DefectKind, number> {
  const counts = Object.fromEntries(Object.keys(DEFECTS).map(kind => [kind, 0])) as Record<DefectKind, number>
  for (const { kind } of defects) counts[kind]++
  return counts
}
