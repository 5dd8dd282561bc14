import { createHash } from 'node:crypto'

/** A JSON value as one text: the fields of every object sorted, no white space. @internal */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

/** A short sum over a JSON value that does not depend on the order of fields or on white space. @internal */
export function checksum(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url').slice(0, 22)
}
