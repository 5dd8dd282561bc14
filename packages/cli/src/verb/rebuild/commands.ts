import { InvalidArgumentError, Option } from 'commander'
import type { VerbGroup } from '../../program/verb-group.js'

interface RebuildArguments {
  readonly compare?: boolean
  readonly acceptDifferences: boolean
  readonly fresh: boolean
  readonly yes: boolean
  readonly maxEventsPerSecond?: number
  readonly swapTimeout?: number
  readonly asOf?: string
  readonly from?: string
  readonly into?: string
}

interface RollbackArguments {
  readonly to?: string
  readonly readSince?: Date
  readonly swapTimeout?: number
}

const SWAPPED_ONLY = ['compare', 'acceptDifferences', 'fresh', 'swapTimeout']

/** `rebuild`, `versions`, `rollback` and `release`. */
export const rebuildVerbs: VerbGroup = (root, perform) => {
  root
    .command('rebuild')
    .description('fold the log anew beside what is read now, and swap; or into a schema of its own')
    .argument('<projection>', 'its name')
    .option('--compare', 'compare the rows with those of now; default for the version that is read')
    .option('--no-compare', 'do not')
    .option('--accept-differences', 'swap also when rows differ', false)
    .option('--fresh', 'throw away what an interrupted rebuild has built', false)
    .option('--max-events-per-second <n>', 'leave others their share of the machine', whole)
    .option('--swap-timeout <ms>', 'how long to wait for readers with long transactions', whole)
    .addOption(new Option('--as-of <when>', 'a time or a cut to end at; with --into'))
    .addOption(new Option('--from <when>', 'a time or a cut to begin at; with --into'))
    .addOption(new Option('--into <schema>', 'a schema that this makes').conflicts(SWAPPED_ONLY))
    .option('--yes', 'do not ask first', false)
    .action((projection: string, given: RebuildArguments, command) => {
      const { into, asOf, from, yes, maxEventsPerSecond, swapTimeout, compare } = given
      const limit = maxEventsPerSecond === undefined ? {} : { maxEventsPerSecond }
      if (into === undefined && (asOf !== undefined || from !== undefined))
        command.error('error: --as-of and --from need --into <schema>: what is read now has the whole log')
      return perform(async context => {
        if (into !== undefined) {
          const which = { ...(asOf !== undefined && { asOf }), ...(from !== undefined && { from }) }
          await (await import('./copy.js')).copy(context, projection, { into, ...which, ...limit })
          return
        }
        await (
          await import('./rebuild.js')
        ).rebuild(context, projection, {
          ...limit,
          ...{ yes, fresh: given.fresh, acceptDifferences: given.acceptDifferences },
          ...(compare !== undefined && { compare }),
          ...(swapTimeout !== undefined && { swapTimeoutMs: swapTimeout }),
        })
      })
    })
  root
    .command('versions')
    .description('every schema with rows of a projection: read now, kept, being built, copied')
    .action(() =>
      perform(async context => {
        await (await import('./keep.js')).versions(context)
      }),
    )
  root
    .command('rollback')
    .description('let readers read what they read before')
    .argument('<projection>', 'its name')
    .option('--to <schema>', 'which; default: what was read last')
    .option(
      '--read-since <time>',
      'refused unless what is read now is read since then, as versions says',
      time,
    )
    .option('--swap-timeout <ms>', 'how long to wait for readers with long transactions', whole)
    .action((projection: string, { swapTimeout, ...which }: RollbackArguments) =>
      perform(async context => {
        const limit = swapTimeout === undefined ? {} : { swapTimeoutMs: swapTimeout }
        await (await import('./keep.js')).rollback(context, projection, { ...which, ...limit })
      }),
    )
  root
    .command('release')
    .description('drop rows that are read no more')
    .argument('<projection>', 'its name')
    .option('--schema <schema>', 'only this one, also a copy or an interrupted rebuild')
    .option('--yes', 'do not ask first', false)
    .action((projection: string, { schema, yes }: { readonly schema?: string; readonly yes: boolean }) =>
      perform(async context => {
        const which = schema === undefined ? {} : { schema }
        await (await import('./keep.js')).release(context, projection, { yes, ...which })
      }),
    )
}

function time(text: string): Date {
  const value = new Date(text)
  if (Number.isNaN(value.getTime()))
    throw new InvalidArgumentError('It is a time, such as 2026-11-21T20:00:00.123Z.')
  return value
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It is a whole number of 1 or more.')
  return value
}
