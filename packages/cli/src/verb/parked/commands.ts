import { InvalidArgumentError, type Command } from 'commander'
import { EXIT, type ExitCode } from '../../program/exit-code.js'
import type { VerbGroup } from '../../program/verb-group.js'

/** `parked list`, `show`, `retry` and `drop`. */
export const parkedVerbs: VerbGroup = (root, perform) => {
  const parked = root.command('parked').description('events that a projection has set aside')
  parked
    .command('list')
    .description('what is parked, where and why')
    .argument('[projection]', 'its name; default: all')
    .action((projection?: string) =>
      perform(async context => {
        await (await import('./list.js')).listParked(context, projection)
      }),
    )
  parked
    .command('show')
    .description('everything about one parked event')
    .argument('<projection>', 'its name')
    .argument('<place>', 'partition, colon, offset, as parked list tells it')
    .action((projection: string, place: string) =>
      perform(async context => (await import('./show.js')).showParked(context, projection, place)),
    )
  mending(parked.command('retry').description('fold parked events again, with what waits behind them'))
    .argument('[keys...]', 'the keys that parked list tells; default: all')
    .action((projection: string, keys: readonly string[], options: { readonly timeout: number }) =>
      perform(async context =>
        codeOf(
          await (
            await import('./mend.js')
          ).retryParked(context, projection, keys, { timeoutMs: options.timeout }),
        ),
      ),
    )
  mending(parked.command('drop').description('leave out the first parked event of each key for good'))
    .argument('<keys...>', 'the keys that parked list tells')
    .requiredOption('--reason <text>', 'why; kept with what is dropped')
    .option('--yes', 'do not ask first', false)
    .action(
      (
        projection: string,
        keys: readonly string[],
        options: { readonly timeout: number; readonly reason: string; readonly yes: boolean },
      ) =>
        perform(async context => {
          const { reason, yes, timeout } = options
          const { dropParked } = await import('./mend.js')
          return codeOf(await dropParked(context, projection, keys, { reason, yes, timeoutMs: timeout }))
        }),
    )
}

function mending(command: Command): Command {
  return command
    .argument('<projection>', 'its name')
    .option('--timeout <ms>', 'how long to wait for the owners of the partitions', milliseconds, 10_000)
}

function milliseconds(text: string): number {
  const ms = Number(text)
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new InvalidArgumentError('It is a whole number of milliseconds.')
  return ms
}

function codeOf({ parked, open }: { readonly parked: number; readonly open: readonly object[] }): ExitCode {
  return parked === 0 && open.length === 0 ? EXIT.done : EXIT.failed
}
