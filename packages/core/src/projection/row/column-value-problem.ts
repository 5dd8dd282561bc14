import { isWellFormed } from '../../store/stream-id.js'

/** A value that a column cannot hold; `message` completes the sentence "column x …". @internal */
export class ColumnValueProblem extends Error {}

/** Why a text cannot be stored in SQL; undefined when it can. @internal */
export function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'holds text without the NUL character'
  return isWellFormed(text) ? undefined : 'holds text without half surrogate pairs'
}

/** How a refused value reads in a message. @internal */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'object') return `an object of ${value.constructor?.name ?? 'no class'}`
  return `the ${typeof value} ${String(value as number).slice(0, 60)}`
}
