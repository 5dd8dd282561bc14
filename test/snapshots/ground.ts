import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventStoreFactory } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { lmdb } from '@hindcast/lmdb-store'
import { open } from 'lmdb'

/** What a log and the snapshots beside it lie in; touched only while nobody has it open. */
export interface Ground {
  readonly store: EventStoreFactory
  /** Forgets every snapshot. */
  lose(): void
  /** Remembers how the log is. */
  copy(): void
  /** Makes the log what it was when it was copied. */
  restore(): void
}

/** A log in a folder. Without its table of snapshots it is as it was before there was one. */
export class LmdbGround implements Ground {
  readonly folder: string = temporaryFolder()
  readonly store: EventStoreFactory = lmdb(this.folder)
  #copy: string | undefined

  lose(): void {
    if (!existsSync(join(this.folder, 'data.mdb'))) return
    const environment = open({ path: this.folder, noSubdir: false })
    environment.openDB('snapshots', {}).dropSync()
    void environment.close()
  }

  copy(): void {
    this.#copy = temporaryFolder()
    cpSync(this.folder, this.#copy, { recursive: true })
  }

  restore(): void {
    if (this.#copy === undefined) return
    rmSync(this.folder, { recursive: true })
    cpSync(this.#copy, this.folder, { recursive: true })
  }
}

/** A topic, and the folder of a process with its index and its snapshots. */
export class KafkaGround implements Ground {
  readonly #dataDir: string = temporaryFolder()
  readonly store: EventStoreFactory

  constructor(brokers: readonly string[], topic: string) {
    this.store = kafka({ brokers, topic, partitions: 2, dataDir: this.#dataDir })
  }

  lose(): void {
    rmSync(this.#dataDir, { recursive: true, force: true })
  }

  /** A topic cannot go back. */
  copy(): void {}

  restore(): void {}
}

const folders: string[] = []

/** A folder that {@link removeFolders} removes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-snapshots-'))
  folders.push(folder)
  return folder
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
