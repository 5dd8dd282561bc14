import type { CheckpointKey, ParkedEvent, ParkedRequest, PassedEvent, RequestOutcome } from '@hindcast/core'
import { HERE } from './owner.js'

/** An event that is set aside. */
export function parkedEvent(offset: bigint, ...keys: readonly string[]): ParkedEvent {
  return {
    offset,
    stream: `account-${keys[0] ?? 'none'}`,
    streamVersion: Number(offset),
    type: 'account.deposited',
    keys,
    code: 'HC_ROW_MISSING',
    message: `no row at ${offset}`,
    parkedAt: new Date(1_700_000_000_123),
    retries: 0,
  }
}

/** The record of an event that is left out. */
export function passedEvent(offset: bigint, ...keys: readonly string[]): PassedEvent {
  return { ...parkedEvent(offset, ...keys), why: 'skipped', reason: 'the policy says so' }
}

/** A wish of a tool. */
export function requestOf(id: string, at: CheckpointKey = HERE): ParkedRequest {
  return { ...at, id, action: 'retry', keys: ['a'], reason: 'mended' }
}

/** What became of it. */
export const OUTCOME: RequestOutcome = { folded: 2, dropped: 0, parked: 1 }
