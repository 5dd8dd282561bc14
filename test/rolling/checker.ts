import type { Kind } from './build.js'

/** A command that was sent, and how it ended; `unknown`: its process ended before it answered. */
export interface Sent {
  readonly id: string
  readonly kind: Kind
  readonly key: string
  readonly outcome: 'acknowledged' | 'refused' | 'unknown'
  /** The version that it was acknowledged at. */
  readonly version?: number
}

/** What the read models say. */
export interface Found {
  /** Of each account and jar, its entries in order. */
  readonly rows: readonly {
    readonly id: string
    readonly count: bigint
    readonly entries: readonly string[]
  }[]
  /** One for each entry of an account, in any order. */
  readonly entries: readonly { readonly account: string; readonly entry: string }[]
}

/** What a command leaves in the read models. */
function entriesOf({ kind, id }: Pick<Sent, 'kind' | 'id'>): readonly string[] {
  return kind === 'move' ? [`${id}/taken`, `${id}/given`] : [id]
}

/**
 * Compares read models with the commands that were sent.
 *
 * @returns what is lost, doubled, half there, out of order or invented, a sentence each; none when all is well
 */
export function defectsOf(sent: readonly Sent[], { rows, entries }: Found): readonly string[] {
  const inRows = rows.flatMap(row => row.entries.map(entry => ({ key: row.id, entry })))
  const inEntries = entries.map(({ account, entry }) => ({ key: account, entry }))
  const accounts = sent.filter(({ kind }) => kind !== 'fill')
  const defects = [
    ...presence('row', sent, inRows),
    ...presence('entry', accounts, inEntries),
    ...rows.flatMap(row => order(row.id, row.entries, sent)),
  ]
  for (const { id, count, entries: has } of rows)
    if (count !== BigInt(has.length)) defects.push(`row ${id} counts ${count}, and has ${has.length} entries`)
  return defects
}

type Place = { readonly key: string; readonly entry: string }

function presence(what: string, sent: readonly Sent[], found: readonly Place[]): readonly string[] {
  const times = new Map<string, number>()
  for (const { key, entry } of found) times.set(`${key} ${entry}`, (times.get(`${key} ${entry}`) ?? 0) + 1)
  const defects: string[] = []
  for (const { id, kind, key, outcome } of sent) {
    const seen = entriesOf({ id, kind }).map(entry => {
      const count = times.get(`${key} ${entry}`) ?? 0
      times.delete(`${key} ${entry}`)
      return count
    })
    if (seen.some(count => count > 1))
      defects.push(`${what} of ${key}: ${id} is there ${Math.max(...seen)} times`)
    if (outcome === 'acknowledged' && seen.includes(0)) defects.push(`${what} of ${key}: ${id} is lost`)
    if (outcome === 'refused' && seen.some(count => count > 0))
      defects.push(`${what} of ${key}: ${id} is there, and was refused`)
    if (outcome === 'unknown' && new Set(seen).size > 1)
      defects.push(`${what} of ${key}: half of ${id} is there`)
  }
  for (const place of times.keys()) defects.push(`${what}: ${place} was never sent`)
  return defects
}

/** What was acknowledged at a lower version stands before what was at a higher one. */
function order(key: string, entries: readonly string[], sent: readonly Sent[]): readonly string[] {
  const versions = new Map<string, number>()
  for (const each of sent)
    if (each.key === key && each.version !== undefined)
      for (const entry of entriesOf(each)) versions.set(entry, each.version)
  const known = entries.flatMap(entry => versions.get(entry) ?? [])
  return known.some((version, index) => index > 0 && version < known[index - 1]!)
    ? [`row ${key} is out of order: ${entries.join(' ')}`]
    : []
}
