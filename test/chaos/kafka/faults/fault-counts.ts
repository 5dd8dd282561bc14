/** The kinds of fault, and what each is. A run that has not seen all of them has shown nothing. */
export const FAULTS = {
  brokerKilled: 'SIGKILL of a leader',
  brokerFrozen: 'SIGSTOP of a leader, mostly until another one is elected',
  allBrokersKilled: 'SIGKILL of all brokers at once',
  writerKilled: 'SIGKILL of a writer',
  writerKilledInFlight: 'of these, with an append in flight',
  writerFrozen: 'SIGSTOP of a writer',
  writerFrozenLong: 'of these, for longer than a broker remembers a producer',
  indexDeleted: 'the index of a killed writer is deleted before its next life',
  clockBehind: "a writer's clock is 25 h behind for a time",
  clockAhead: "a writer's clock is 2 h ahead for a time",
  requestDropped: 'a request does not reach its broker',
  answerDropped: 'an answer does not reach its client',
  requestDelayed: 'a request comes late, and later ones overtake it',
  requestDuplicated: 'a broker is given a request to append twice',
  connectionCut: 'a connection ends with requests on their way',
  requestReplayed: 'a request to append comes once more on another connection',
  requestReplayedLate: 'the same, when the broker has forgotten what it knew of the producer',
  markHidden: 'a client is not told that its batch was a duplicate',
  foreignRecord: 'somebody else writes to the topic',
  abortedRecord: 'somebody else writes to the topic in a transaction that is aborted',
  intruder: 'somebody writes under the shared producer id with the next epoch',
  messageBytesLowered: 'max.message.bytes is lowered for a time',
  aclRevoked: 'the writers may not write for a time',
} as const

/** A kind of fault. */
export type FaultKind = keyof typeof FAULTS

/** How often each kind came. */
export type FaultCounts = Record<FaultKind, number>

/** None of any kind. */
export function noFaults(): FaultCounts {
  return Object.fromEntries(Object.keys(FAULTS).map(kind => [kind, 0])) as FaultCounts
}

/** The kinds that never came. */
export function missingFaults(counts: Readonly<Record<string, number>>): FaultKind[] {
  return (Object.keys(FAULTS) as FaultKind[]).filter(kind => !((counts[kind] ?? 0) > 0))
}
