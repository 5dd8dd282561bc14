import type { AppendMetadata, AppendOptions, StreamWrite } from '@hindcast/core'

/** An append's input, which its caller may change while it runs. */
export interface AppendInput {
  readonly writes: readonly StreamWrite[]
  readonly options: AppendOptions
}

/** What an append was called with, for good. */
export function ownCopy(writes: readonly StreamWrite[], options: AppendOptions): AppendInput {
  const { commandId, command, result, metadata } = options
  return {
    writes: writes.map(copyWrite),
    options: {
      commandId,
      ...(command !== undefined && { command }),
      ...(result !== undefined && { result }),
      ...(metadata !== undefined && { metadata: copyMetadata(metadata) }),
    },
  }
}

function copyWrite({ stream, partitionKey, expected, after, events }: StreamWrite): StreamWrite {
  return {
    stream,
    ...(partitionKey !== undefined && { partitionKey }),
    expected,
    ...(after !== undefined && { after }),
    events: events.map(({ id, type, schemaVersion, data }) => ({ id, type, schemaVersion, data })),
  }
}

/** The known fields that are set. */
function copyMetadata(metadata: AppendMetadata): AppendMetadata {
  const { correlationId, causationId, actor, tenant, traceparent } = metadata
  return Object.freeze({
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    ...(actor !== undefined && { actor }),
    ...(tenant !== undefined && { tenant }),
    ...(traceparent !== undefined && { traceparent }),
  })
}
