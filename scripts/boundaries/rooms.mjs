/**
 * Who may import whom. The same table, with its reasons, stands in ARCHITECTURE.md; a new folder in packages/ needs a row here.
 *
 * @typedef {{ mayImport: readonly string[], outside: readonly string[], name?: string }} Room `outside`: packages
 *   that are not ours; `name`: what the package is called where it is not called after its room
 * @type {Readonly<Record<string, Room>>}
 */
export const rooms = {
  core: { mayImport: [], outside: ['class-validator', 'inversify', 'reflect-metadata'] },
  testing: { mayImport: ['core'], outside: ['inversify'] },
  'stream-index': { mayImport: ['core'], outside: ['lmdb'] },
  'lmdb-store': { mayImport: ['core', 'stream-index'], outside: [] },
  'kafka-store': { mayImport: ['core', 'stream-index'], outside: ['kafkajs'] },
  projections: { mayImport: ['core'], outside: ['@electric-sql/pglite', 'pg'] },
  evolution: { mayImport: ['core'], outside: ['class-validator'] },
  cli: {
    name: 'hindcast',
    mayImport: ['core', 'evolution', 'lmdb-store', 'kafka-store', 'projections'],
    outside: ['commander', 'esbuild', 'picocolors'],
  },
}

/** A room's tests may import what the room may, the room itself, and this. */
export const testRoom = 'testing'

/** The scope of our packages: room `core` is `@hindcast/core`. */
export const scope = '@hindcast/'
