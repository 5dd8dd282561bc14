import type { AppendMetadata, RecordedEvent } from '@hindcast/core'
import type { Faults } from './fault.js'
import { each, readingEvents, readingLog, readingStream } from './planting.js'

/** What is wrong with what is kept of an event. */
export const payloadFaults: Faults = {
  'parses payloads and writes them anew': {
    plant: readingEvents(event => ({ ...event, data: JSON.stringify(JSON.parse(event.data)) })),
    caughtBy: ['the text of a payload survives byte for byte'],
  },
  'keeps payloads in Latin-1': {
    plant: readingEvents(event => ({ ...event, data: Buffer.from(event.data, 'latin1').toString('latin1') })),
    caughtBy: ['the text of a payload survives byte for byte'],
  },
  'keeps schema versions in a byte': {
    plant: readingEvents(event => ({ ...event, schemaVersion: event.schemaVersion % 256 })),
    caughtBy: ['id, type, schema version and command id of an event survive'],
  },
  'gives events ids of its own': {
    plant: readingEvents(event => ({ ...event, id: `${event.partition}-${event.offset}` })),
    caughtBy: ['id, type, schema version and command id of an event survive'],
  },
  'keeps metadata only on the first event of an append': {
    plant: readingEvents(event => (event.version % 2 === 0 ? event : { ...event, metadata: {} })),
    caughtBy: ['metadata survive on every event of an append, and none are invented'],
  },
  'invents a correlation id': {
    plant: readingEvents(event => ({
      ...event,
      metadata: { correlationId: event.commandId, ...event.metadata },
    })),
    caughtBy: ['metadata survive on every event of an append, and none are invented'],
  },
  'leaves out metadata when a partition is read': {
    plant: readingLog((store, partition, options) =>
      each(store.readLog(partition, options), batch => ({ ...batch, events: batch.events.map(bare) })),
    ),
    caughtBy: ['a stream and its partition give the same events'],
  },
  'gives other offsets backwards': {
    plant: readingStream((store, stream, options) =>
      each(store.readStream(stream, options), batch =>
        options.direction === 'backwards'
          ? batch.map(event => ({ ...event, offset: event.offset + 1n }))
          : batch,
      ),
    ),
    caughtBy: ['the same event fields are given by every read of an event'],
  },
}

function bare(event: RecordedEvent): RecordedEvent {
  const metadata: AppendMetadata = {}
  return { ...event, metadata }
}
