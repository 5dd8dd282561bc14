import assert from 'node:assert/strict'
import type { HindcastError } from '@hindcast/core'
import { refusedWith } from '../contract/refused.js'

/** The codes with which a read-model store refuses. */
export type ReadModelRefusal =
  | 'HC_PROJECTION_UNKNOWN'
  | 'HC_READ_MODELS_CLOSED'
  | 'HC_READ_MODEL_MISSING'
  | 'HC_READ_MODEL_SHAPE'
  | 'HC_READ_MODEL_OF_ANOTHER_LOG'
  | 'HC_SQL_UNSUPPORTED'
  | 'HC_SQL_TRANSACTION'

/** The action must be refused with the code. Returns the error. */
export function refused(code: ReadModelRefusal, action: () => Promise<unknown>): Promise<HindcastError> {
  return refusedWith(code, action)
}

/** The action must throw this very error. */
export async function throwsThis(error: Error, action: () => Promise<unknown>): Promise<void> {
  let thrown: unknown
  try {
    await action()
  } catch (reason) {
    thrown = reason
  }
  assert(thrown !== undefined, 'it must throw')
  if (thrown instanceof assert.AssertionError) throw thrown
  assert.equal(thrown, error, 'what the work threw must be thrown on')
}
