import { describe, expect, it } from 'vitest'
import { checkHistory } from './checker.js'
import type { DefectKind } from './checker/defect.js'
import type { Attempt, History, LoggedEvent, Outcome, PlannedWrite } from './history/operation.js'

/** Three appends to account-1 (versions 0; 1 and 2; 3) and one to account-2, by two writers, all acknowledged. */
function sound(): History {
  return {
    attempts: [
      attempt('c0', 0, 10, appended([0], 1), write('account-1', 'none', 'e0')),
      attempt('c1', 20, 30, appended([2], 3), write('account-1', 0, 'e1', 'e2')),
      attempt('c2', 40, 50, appended([3], 4), { ...write('account-1', 2, 'e3'), after: 'e2' }),
      attempt('c3', 40, 60, appended([0], 5), write('account-2', 'any', 'f0')),
    ],
    log: [
      [],
      [
        event('e0', 'account-1', 0, 1, 'c0'),
        event('e1', 'account-1', 1, 2, 'c1'),
        event('e2', 'account-1', 2, 3, 'c1'),
        event('e3', 'account-1', 3, 4, 'c2'),
        event('f0', 'account-2', 0, 5, 'c3'),
      ],
    ],
    subscriptions: [{ reader: 'r', partition: 1, from: 2n, next: 5n, due: 5n, eventIds: ['e1', 'e2', 'e3'] }],
    disagreements: [],
  }
}

describe('the checker', () => {
  it('finds nothing in a sound history', () => {
    expect(checkHistory(sound())).toEqual([])
  })

  it('finds an acknowledged append that was lost', () => {
    expect(kinds(withoutEvents('f0'))).toContain('lost')
  })

  it('finds an acknowledged append of which an event was lost', () => {
    expect(kinds(withoutEvents('e2'))).toContain('lost')
  })

  it('finds an event that is there twice', () => {
    expect(kinds(withEvents(event('e0', 'account-9', 0, 6, 'c9')))).toContain('doubled')
  })

  it('finds a command that was written twice', () => {
    const again = [event('x0', 'account-1', 4, 6, 'c0')]
    expect(kinds(withEvents(...again))).toContain('doubled')
  })

  it('finds a gap in the versions of a stream', () => {
    const history = withAttempts(attempt('c4', 70, 80, appended([5], 6), write('account-1', 'any', 'e5')))
    expect(kinds({ ...history, log: plus(history.log, event('e5', 'account-1', 5, 6, 'c4')) })).toEqual([
      'misplaced',
    ])
  })

  it('finds an append that is not at the version or the position that was answered', () => {
    for (const wrong of [appended([1], 5), appended([0], 4)])
      expect(kinds(answered('c3', wrong))).toEqual(['misplaced'])
  })

  it('finds offsets and times that run backwards', () => {
    const history = withAttempts(attempt('c4', 70, 80, appended([1], 5), write('account-2', 'any', 'f1')))
    expect(kinds({ ...history, log: plus(history.log, event('f1', 'account-2', 1, 5, 'c4')) })).toEqual([
      'misplaced',
    ])
    const early = { ...event('f1', 'account-2', 1, 6, 'c4'), time: 0 }
    const timely = withAttempts(attempt('c4', 70, 80, appended([1], 6), write('account-2', 'any', 'f1')))
    expect(kinds({ ...timely, log: plus(timely.log, early) })).toEqual(['misplaced'])
  })

  it('finds a refused append that is there, whatever the refusal', () => {
    expect(kinds(answered('c3', { kind: 'refused', code: 'HC_APPEND_NOT_SENT' }))).toEqual(['refusedPresent'])
    expect(
      kinds(answered('c3', { kind: 'conflict', stream: 'account-2', expected: 'any', actual: 'none' })),
    ).toContain('refusedPresent')
  })

  it('finds an append that nobody made', () => {
    expect(kinds(withEvents(event('x', 'account-3', 0, 6, 'nobody')))).toEqual(['refusedPresent'])
  })

  it('accepts an append of unknown outcome that is there whole, or not at all', () => {
    expect(kinds(answered('c3', { kind: 'unknown' }))).toEqual([])
    const gone = answered('c3', { kind: 'unknown' })
    expect(kinds({ ...gone, log: gone.log.map(events => events.filter(({ id }) => id !== 'f0')) })).toEqual(
      [],
    )
  })

  it('finds an append of unknown outcome that is there in part, or in two pieces', () => {
    const two = attempt('c4', 70, 80, { kind: 'unknown' }, write('account-3', 'any', 'g0', 'g1'))
    const history = withAttempts(two)
    expect(kinds({ ...history, log: plus(history.log, event('g0', 'account-3', 0, 6, 'c4')) })).toEqual([
      'torn',
    ])
    const apart = [event('g0', 'account-3', 0, 6, 'c4'), event('g1', 'account-3', 1, 8, 'c4')]
    expect(kinds({ ...history, log: plus(history.log, ...apart) })).toEqual(['torn'])
  })

  it('accepts a repeated append whose first try was refused or had no answer', () => {
    for (const first of [{ kind: 'unknown' }, { kind: 'refused', code: 'HC_APPEND_NOT_SENT' }] as const)
      expect(kinds(withAttempts(attempt('c3', 1, 5, first, write('account-2', 'any', 'f0'))))).toEqual([])
  })

  it('finds an append whose stream was not as expected', () => {
    const wrong = [
      write('account-1', 1, 'e3'),
      write('account-1', 'none', 'e3'),
      { ...write('account-1', 2, 'e3'), after: 'e1' },
    ]
    for (const one of wrong) expect(kinds(planned('c2', one))).toEqual(['conditionBroken'])
    expect(kinds(planned('c0', write('account-1', 'exists', 'e0')))).toEqual(['conditionBroken'])
  })

  it('accepts a conflict that was one at some moment of the attempt', () => {
    expect(kinds(withConflict(31, 39, 0, 2))).toEqual([])
    expect(kinds(withConflict(25, 26, 0, 2)), 'the append in between may have been made early').toEqual([])
    expect(kinds(withConflict(25, 26, 2, 0)), 'or late').toEqual([])
  })

  it('finds a conflict although the stream was as expected all the time', () => {
    expect(kinds(withConflict(31, 39, 2, 0))).toEqual(['falseConflicts'])
    expect(kinds(withConflict(31, 39, 2, 2))).toEqual(['falseConflicts'])
  })

  it('finds a conflict that names a version which the stream did not have then', () => {
    expect(kinds(withConflict(31, 39, 7, 0)), 'too old').toEqual(['falseConflicts'])
    expect(kinds(withConflict(31, 39, 7, 3)), 'too new').toEqual(['falseConflicts'])
    expect(kinds(withConflict(31, 39, 7, 1)), 'inside an append').toEqual(['falseConflicts'])
    expect(kinds(withConflict(31, 39, 7, 'none')), 'before its first event').toEqual(['falseConflicts'])
  })

  it('finds a live reader that skipped an event, saw one twice, or one that is not there', () => {
    for (const eventIds of [
      ['e1', 'e3'],
      ['e1', 'e2'],
      ['e1', 'e2', 'e2', 'e3'],
      ['e1', 'e2', 'x', 'e3'],
      ['e2', 'e1', 'e3'],
    ])
      expect(kinds({ ...sound(), subscriptions: [{ ...sound().subscriptions[0]!, eventIds }] })).toEqual([
        'skippedBySubscriber',
      ])
  })

  it('finds a live reader that stopped in front of the end', () => {
    const reader = { ...sound().subscriptions[0]!, due: 6n }
    expect(kinds({ ...sound(), subscriptions: [reader] })).toEqual(['skippedBySubscriber'])
  })

  it('passes on where two ways to read disagree', () => {
    expect(kinds({ ...sound(), disagreements: ['stream account-1'] })).toEqual(['readsDisagree'])
  })
})

function kinds(history: History): DefectKind[] {
  return checkHistory(history).map(defect => defect.kind)
}

function withoutEvents(...ids: string[]): History {
  const history = sound()
  return {
    ...history,
    log: history.log.map(events => events.filter(({ id }) => !ids.includes(id))),
    subscriptions: [],
  }
}

function withEvents(...events: LoggedEvent[]): History {
  return { ...sound(), log: plus(sound().log, ...events) }
}

function withAttempts(...attempts: Attempt[]): History {
  return { ...sound(), attempts: [...attempts, ...sound().attempts] }
}

/** Another writer's attempt on account-1, whose last version is 2 from 30 to 40, and perhaps from 20 to 50. */
function withConflict(
  calledAt: number,
  answeredAt: number,
  expected: number,
  actual: number | 'none',
): History {
  const conflict = { kind: 'conflict', stream: 'account-1', expected, actual } as const
  return withAttempts(attempt('c9', calledAt, answeredAt, conflict, write('account-1', expected, 'z')))
}

function answered(commandId: string, outcome: Outcome): History {
  return changed(commandId, before => ({ ...before, outcome }))
}

function planned(commandId: string, one: PlannedWrite): History {
  return changed(commandId, before => ({ ...before, writes: [one] }))
}

function changed(commandId: string, change: (attempt: Attempt) => Attempt): History {
  const history = sound()
  return {
    ...history,
    attempts: history.attempts.map(one => (one.commandId === commandId ? change(one) : one)),
  }
}

function plus(log: History['log'], ...events: LoggedEvent[]): History['log'] {
  return log.map((known, partition) => [...known, ...events.filter(one => one.partition === partition)])
}

function attempt(
  commandId: string,
  calledAt: number,
  answeredAt: number,
  outcome: Outcome,
  ...writes: PlannedWrite[]
): Attempt {
  return { commandId, writer: 'w', calledAt, answeredAt, outcome, writes }
}

function write(stream: string, expected: PlannedWrite['expected'], ...eventIds: string[]): PlannedWrite {
  return { stream, expected, eventIds }
}

function appended(versions: number[], offset: number): Outcome {
  return { kind: 'appended', repeated: false, versions, position: `log/1:${offset}` }
}

function event(id: string, stream: string, version: number, offset: number, commandId: string): LoggedEvent {
  return { id, stream, version, partition: 1, offset: BigInt(offset), time: 1000 + offset, commandId }
}
