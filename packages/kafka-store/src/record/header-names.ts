/**
 * The headers of an event's record: CloudEvents in binary mode, and ours as its extensions.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export const HEADER = {
  specVersion: 'ce_specversion',
  id: 'ce_id',
  type: 'ce_type',
  /** `hindcast:<log id>`: it tells an event of this log from a copy or a stranger's. */
  source: 'ce_source',
  /** RFC 3339, from the Clock port. */
  time: 'ce_time',
  /** The stream id. */
  subject: 'ce_subject',
  contentType: 'content-type',
  streamVersion: 'ce_streamversion',
  schemaVersion: 'ce_schemaversion',
  commandId: 'ce_commandid',
  /** The command's persisted name, on the append's last event. */
  command: 'ce_command',
  correlationId: 'ce_correlationid',
  causationId: 'ce_causationid',
  actor: 'ce_actor',
  tenant: 'ce_tenant',
  traceparent: 'ce_traceparent',
  /** The handler's result as JSON, on the append's last event. */
  result: 'ce_result',
  /** On a batch's first record: the offset of the last reserved-id record before it, -1 for none. */
  after: 'ce_after',
} as const

const SOURCE_SCHEME = 'hindcast:'

/** The `ce_source` of a log's events. */
export function sourceOf(logId: string): string {
  return SOURCE_SCHEME + logId
}

/** The type of the record that begins each partition. It is no domain event and counts in no version. */
export const GENESIS_TYPE = 'hindcast.log.created'
