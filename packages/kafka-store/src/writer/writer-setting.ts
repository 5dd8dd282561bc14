import type { LogIndex } from '../index/log-index.js'
import type { KafkaPort } from '../protocol/port.js'
import type { Life } from '../read/life.js'
import type { DuplicateMarks } from './duplicate-marks.js'

/** What the writers of a store share. */
export interface WriterSetting {
  readonly port: KafkaPort
  readonly index: LogIndex
  readonly life: Life
  readonly marks: DuplicateMarks
  readonly appendTimeoutMs: number
  readonly maxStalenessMs: number
  /** How long to wait for one answer of a broker. */
  readonly produceTimeoutMs: number
}
