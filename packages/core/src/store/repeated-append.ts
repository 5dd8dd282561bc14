import { CommandIdReusedError } from './errors.js'
import type { Appended, AppendOptions, RecordedCommand, StreamWrite } from './event-store.js'

/**
 * The answer to an append whose command id is known: the first append's outcome.
 *
 * @throws CommandIdReusedError when it has another command name or other streams than the first one.
 */
export function repeatedAppend(
  known: RecordedCommand,
  writes: readonly StreamWrite[],
  options: AppendOptions,
): Appended {
  const streams = writes.map(write => write.stream)
  if (known.command !== options.command || !sameTexts(known.streams, streams))
    throw new CommandIdReusedError(
      known.commandId,
      describe(known.command, known.streams),
      describe(options.command, streams),
    )
  return { kind: 'appended', repeated: true, versions: [...known.versions], position: known.position }
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}

function describe(command: string | undefined, streams: readonly string[]): string {
  const names = streams.map(stream => `"${stream}"`).join(', ')
  return `${command === undefined ? 'an append' : `command "${command}"`} on ${names}`
}
