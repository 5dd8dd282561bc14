import { partitionOf } from '@hindcast/core'
import type { Kind } from './build.js'

/** Storage of the tests has so many partitions. */
const PARTITIONS = 4
/** Those in which newer events come; in the others every event is one that the old build reads too. */
export const CHANGING: readonly number[] = [0, 1]

const accounts = Array.from({ length: PARTITIONS }, (_, partition) => keysOf('account', partition, 3))
const inChanging = CHANGING.map(partition => accounts[partition]!)

/** Accounts that get newer events; accounts beside them in the same partitions that get none; those of the other partitions; jars. */
export const KEYS = {
  changed: inChanging.flatMap(([first, second]) => [first!, second!]),
  beside: inChanging.map(([, , third]) => third!),
  calm: accounts.filter((_, partition) => !CHANGING.includes(partition)).flat(),
  jars: Array.from({ length: PARTITIONS }, (_, partition) => keysOf('jar', partition, 1)).flat(),
}

/** A command that somebody sends. */
export interface Wish {
  readonly kind: Kind
  readonly key: string
}

/** What is asked of each build, again and again. */
export const WISHES: Readonly<Record<'old' | 'new', readonly Wish[]>> = {
  old: [
    ...product(['deposit', 'move', 'greet', 'tip'], [...KEYS.changed, ...KEYS.beside, ...KEYS.calm]),
    ...product(['fill'], KEYS.jars),
  ],
  new: [
    ...product(['deposit', 'move', 'greet', 'note', 'tip'], KEYS.changed),
    ...product(['tip'], [...KEYS.beside, ...KEYS.calm]),
    ...product(['fill'], KEYS.jars),
  ],
}

function product(kinds: readonly Kind[], keys: readonly string[]): readonly Wish[] {
  return keys.flatMap(key => kinds.map(kind => ({ kind, key })))
}

/** The first keys whose streams are in a partition. */
function keysOf(category: string, partition: number, count: number): readonly string[] {
  const keys: string[] = []
  for (let n = 0; keys.length < count; n++)
    if (partitionOf(`${category}-${category}${n}`, PARTITIONS) === partition) keys.push(`${category}${n}`)
  return keys
}
