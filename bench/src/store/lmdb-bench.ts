import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lmdb } from '@hindcast/lmdb-store'
import { newFolder } from './data-folder.js'
import type { LogGround, StoreBench } from './log-ground.js'
import { RawLmdb } from './raw-lmdb.js'
import { copyIntoLmdb } from './raw-lmdb-log.js'

/** Callers of the raw library while it is filled. */
const SEVERAL = 1000

/** The embedded log, against the lmdb package with the same durability. */
export const lmdbBench: StoreBench = {
  durability: 'on disk before the answer: fdatasync of the pages, O_DSYNC of the meta page',
  baseline: 'lmdb, overlappingSync: false',
  async create() {
    const folder = await newFolder('lmdb')
    return { ...ground(folder), [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
  },
  join: async folder => ({ ...ground(folder), [Symbol.asyncDispose]: async () => undefined }),
}

function ground(folder: string): Omit<LogGround, typeof Symbol.asyncDispose> {
  return {
    log: lmdb(join(folder, 'log')),
    raw: async callers => new RawLmdb(join(folder, 'raw'), callers),
    rawStreams: async () => new RawLmdb(join(folder, 'raw'), SEVERAL),
    rawEvents: log => copyIntoLmdb(log, join(folder, 'raw-log')),
    address: folder,
  }
}
