import type { AppendMetadata, AppendOptions, NewEvent, StreamWrite } from './event-store.js'
import { CommandAppend, PlacedWrite } from './placed-write.js'

/** What an append is called with. */
export interface AppendInput {
  /** What each stream is given. */
  readonly writes: readonly StreamWrite[]
  /** The command, its result and its metadata. */
  readonly options: AppendOptions
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Copies what an append was called with: its caller may go on with the objects while it runs. To be called behind
 * {@link prepareAppend}, which has checked them.
 *
 * Guarantee: copies are made field by field, so that they are all alike whatever the caller's objects look like; everything
 * behind is faster with that. What the command bus made is alike already, and changed by nobody: it stays. Metadata without
 * any field is left out.
 */
export function ownCopy(writes: readonly StreamWrite[], options: AppendOptions): AppendInput {
  return {
    writes: isOwn(writes) ? writes : writes.map(copyWrite),
    options: CommandAppend.isOwn(options) ? options : copyOptions(options),
  }
}

function copyOptions({ commandId, command, result, metadata }: AppendOptions): AppendOptions {
  const copy: Mutable<AppendOptions> = { commandId }
  if (command !== undefined) copy.command = command
  if (result !== undefined) copy.result = result
  const known = metadata && copyMetadata(metadata)
  if (known) copy.metadata = known
  return copy
}

function isOwn(writes: readonly StreamWrite[]): boolean {
  for (let i = 0; i < writes.length; i++) if (!PlacedWrite.placeOf(writes[i]!)) return false
  return true
}

function copyWrite({ stream, partitionKey, expected, after, events }: StreamWrite): StreamWrite {
  const copy: Mutable<StreamWrite> = { stream, expected, events: events.map(copyEvent) }
  if (partitionKey !== undefined) copy.partitionKey = partitionKey
  if (after !== undefined) copy.after = after
  return copy
}

function copyEvent({ id, type, schemaVersion, data }: NewEvent): NewEvent {
  return { id, type, schemaVersion, data }
}

/** The known fields that are set, frozen: every event of the append shows them. */
function copyMetadata(metadata: AppendMetadata): AppendMetadata | undefined {
  const { correlationId, causationId, actor, tenant, traceparent } = metadata
  const copy: Mutable<AppendMetadata> = {}
  if (correlationId !== undefined) copy.correlationId = correlationId
  if (causationId !== undefined) copy.causationId = causationId
  if (actor !== undefined) copy.actor = actor
  if (tenant !== undefined) copy.tenant = tenant
  if (traceparent !== undefined) copy.traceparent = traceparent
  for (const _ in copy) return Object.freeze(copy)
  return undefined
}
