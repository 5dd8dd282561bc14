import type { StoreBench } from '../store/log-ground.js'
import type { Suite } from '../suite/suite.js'
import { nearest } from './nearest.js'
import { COMMON } from './options.js'
import type { ParsedArguments } from './parse-arguments.js'
import { UsageError } from './usage-error.js'

/** What a command line asks for. */
export interface Plan {
  readonly chosen: readonly Suite[]
  /** The store, in each way in which it is to be run. */
  readonly benches: readonly StoreBench[]
}

/** @throws UsageError for a suite or store that there is not, and for a flag that the suite does not take */
export function planOf(
  { suite: name, given, options }: ParsedArguments,
  suites: readonly Suite[],
  stores: Readonly<Record<string, readonly StoreBench[]>>,
): Plan {
  const names = [...suites.map(suite => suite.name), 'all']
  if (name === undefined) throw new UsageError(`which suite? There are ${names.join(', ')}`)
  const chosen = suites.filter(suite => name === 'all' || suite.name === name)
  if (chosen.length === 0) throw unknown('suite', name, names)
  const all = Object.hasOwn(stores, options.store) ? stores[options.store] : undefined
  if (!all) throw unknown('store', options.store, Object.keys(stores))
  const benches = all.filter(({ replicas }) => replicas === undefined || options.replicas.includes(replicas))
  if (benches.length === 0)
    throw new UsageError(
      `store ${options.store} is measured with ${all.map(({ replicas }) => replicas).join(' or ')} replicas, not ${options.replicas.join(',')}`,
    )
  const taken = new Set([...COMMON, ...chosen.flatMap(suite => suite.options)])
  for (const option of given)
    if (!taken.has(option))
      throw new UsageError(
        `suite ${name} does not take --${option}; it takes ${[...taken].map(n => `--${n}`).join(', ')}`,
      )
  return { chosen, benches }
}

function unknown(what: string, name: string, names: readonly string[]): UsageError {
  const close = nearest(name, names)
  return new UsageError(
    `unknown ${what} "${name}"${close === undefined ? '' : `; did you mean ${close}?`} (there are ${names.join(', ')})`,
  )
}
