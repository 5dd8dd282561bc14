import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReadModelsFactory } from '@hindcast/core'
import { pglite, postgres } from '@hindcast/projections'
import { BenchDatabase } from '../rebuild/bench-database.js'
import { newFolder } from '../store/data-folder.js'
import { handWrittenPglite } from './hand-written-pglite.js'
import { handWrittenPostgres } from './hand-written-postgres.js'
import type { HandWritten } from './hand-written.js'

/** A database for read models, and the same by hand on it; disposing it removes everything. */
export interface TailGround extends AsyncDisposable {
  /** How it commits. */
  readonly durability: string
  /** What the hand-written one does. */
  readonly baseline: { readonly commit: string; readonly read: string }
  readonly readModels: ReadModelsFactory
  handWritten(): Promise<HandWritten>
}

/** The databases that read models can be measured in. */
export const READ_MODELS = { postgres: onPostgres, pglite: onPglite } as const

/** Which database. */
export type ReadModelsName = keyof typeof READ_MODELS

async function onPostgres(): Promise<TailGround> {
  const database = await BenchDatabase.create()
  return {
    durability: `PostgreSQL: ${await database.durability()}`,
    baseline: {
      commit: 'by hand: one INSERT … ON CONFLICT and commit an event, on 8 connections, without a log',
      read: 'by hand: the same with NOTIFY, a listener, and a SELECT',
    },
    readModels: postgres(database.url),
    handWritten: () => handWrittenPostgres(database.url),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

async function onPglite(): Promise<TailGround> {
  const folder = await newFolder('views')
  return {
    durability: 'PGlite: without fsync',
    baseline: {
      commit: 'by hand: one INSERT … ON CONFLICT an event in PGlite in the main thread, without a log',
      read: 'by hand: the same and a SELECT',
    },
    readModels: pglite(join(folder, 'ours')),
    handWritten: () => handWrittenPglite(join(folder, 'hand')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
