import type { StreamVersion } from '@hindcast/core'
import type { Attempt, History, LoggedEvent, Outcome, PlannedWrite } from '../history/operation.js'
import type { Defect } from './defect.js'
import { attemptsByCommand, eventsByStream } from './grouping.js'

type ConflictOutcome = Extract<Outcome, { kind: 'conflict' }>

/** When an append was made: at some moment between these two. */
interface Span {
  readonly from: number
  readonly to: number
}

/**
 * A conflict must have been one. When a version began to be a stream's last is known only up to the time between call and
 * answer of the append that wrote it, so only what is certain is a defect:
 * - the stream was as expected during the whole attempt, or
 * - the version that the answer names was not the stream's last at any moment of the attempt.
 */
export function checkConflicts(history: History): Defect[] {
  const streams = eventsByStream(history.log)
  const spans = new Map(
    [...attemptsByCommand(history)].map(([commandId, attempts]) => [commandId, spanOf(attempts)]),
  )
  const began = (stream: string, version: StreamVersion): Span => {
    if (version === 'none') return { from: -Infinity, to: -Infinity }
    const event: LoggedEvent | undefined = streams.get(stream)?.[version]
    return (event && spans.get(event.commandId)) ?? { from: Infinity, to: Infinity }
  }
  const defects: Defect[] = []
  for (const attempt of history.attempts) {
    const { outcome } = attempt
    if (outcome.kind !== 'conflict') continue
    const reason = whyFalse(attempt, outcome, streams, began)
    if (reason)
      defects.push({
        kind: 'falseConflicts',
        detail: `command ${attempt.commandId} of ${attempt.writer}: ${JSON.stringify(outcome)}, but ${reason}`,
      })
  }
  return defects
}

function whyFalse(
  attempt: Attempt,
  conflict: ConflictOutcome,
  streams: ReadonlyMap<string, readonly LoggedEvent[]>,
  began: (stream: string, version: StreamVersion) => Span,
): string | undefined {
  const write = attempt.writes.find(({ stream }) => stream === conflict.stream)
  if (!write || write.expected !== conflict.expected) return 'the append did not expect that'
  const { actual, stream } = conflict
  if (isInside(streams.get(stream), actual))
    return `${stream} never ended at that version, it is inside an append`
  if (began(stream, actual).from > attempt.answeredAt) return `${stream} had not reached that version`
  if (began(stream, following(actual)).to < attempt.calledAt)
    return `${stream} was beyond that version before the call`
  if (fits(write, actual)) return 'that is what it expected'
  return wasAsExpected(attempt, write, began) ? 'the stream was as expected all the time' : undefined
}

/** True when the event behind this version belongs to the same append. */
function isInside(events: readonly LoggedEvent[] = [], version: StreamVersion): boolean {
  return (
    version !== 'none' &&
    events[version]?.commandId === events[version + 1]?.commandId &&
    version + 1 < events.length
  )
}

/** True when a version meets the condition on its own; `after` may still not be met. */
function fits({ expected, after }: PlannedWrite, actual: StreamVersion): boolean {
  if (expected === 'any') return true
  if (expected === 'exists') return actual !== 'none'
  return expected === actual && after === undefined
}

function wasAsExpected(
  { calledAt, answeredAt }: Attempt,
  { stream, expected, after }: PlannedWrite,
  began: (stream: string, version: StreamVersion) => Span,
): boolean {
  if (after !== undefined || expected === 'any' || expected === 'exists') return false
  return began(stream, expected).to < calledAt && began(stream, following(expected)).from > answeredAt
}

function following(version: StreamVersion): number {
  return version === 'none' ? 0 : version + 1
}

/** The first call may have written it; once one answer came, it was written. */
function spanOf(attempts: readonly Attempt[]): Span {
  const acknowledged = attempts.filter(({ outcome }) => outcome.kind === 'appended')
  return {
    from: Math.min(...attempts.map(attempt => attempt.calledAt)),
    to: Math.min(...acknowledged.map(attempt => attempt.answeredAt)),
  }
}
