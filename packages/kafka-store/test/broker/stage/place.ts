import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, uuidV7Source, type Clock, type StoreHost } from '@hindcast/core'

/** A topic that nobody has. */
export function newTopic(): string {
  return `test-${randomUUID()}`
}

/** An empty folder. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'hindcast-kafka-index-'))
}

/** What an app would give its store. */
export function hostWith(clock: Clock = systemClock): StoreHost {
  return { clock, ids: uuidV7Source(), run: 'all' }
}
