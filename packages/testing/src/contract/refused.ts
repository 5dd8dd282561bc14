import assert from 'node:assert/strict'
import { HindcastError } from '@hindcast/core'

/** The action must be refused with the code. Returns the error. */
export async function refusedWith(code: string, action: () => Promise<unknown>): Promise<HindcastError> {
  const error: unknown = await action().then(
    value => assert.fail(`expected ${code}, but it was accepted: ${show(value)}`),
    (reason: unknown) => reason,
  )
  if (error instanceof assert.AssertionError) throw error
  assert(error instanceof HindcastError, `expected ${code}, but it threw ${String(error)}`)
  assert.equal(error.code, code, `wrong refusal: ${error.message}`)
  assert(error.message.length > 0 && Object.keys(error.context).length > 0, `${code} must name the values`)
  return error
}

/** The value as text, short enough for a message. */
function show(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
  return text === undefined ? 'nothing' : text.slice(0, 300)
}
