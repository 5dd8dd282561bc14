import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

/** Makes a folder one of read models without a projection, as opening it would, but sooner. */
export function layPglite(folder: string): void {
  cpSync(inject('pgliteTemplate'), join(folder, 'pglite'), { recursive: true })
  writeFileSync(join(folder, 'hindcast-read-models.json'), '{"format":1,"made":true}')
}
