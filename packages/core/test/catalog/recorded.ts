import type { RecordedEvent } from '../../src/index.js'

/** An event as a log has it: version 4 of stream account-acc-1, at offset 17 of partition 2. */
export function recorded(
  type: string,
  schemaVersion: number,
  data: object | string,
  more: Partial<RecordedEvent> = {},
): RecordedEvent {
  return {
    id: 'e-1',
    type,
    schemaVersion,
    stream: 'account-acc-1',
    version: 4,
    partition: 2,
    offset: 17n,
    time: 86_400_000,
    data: typeof data === 'string' ? data : JSON.stringify(data),
    commandId: 'c-1',
    metadata: {},
    ...more,
  }
}
