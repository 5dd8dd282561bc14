import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode } from '../docs/process.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const TIMEOUT_MS = 180_000

/** What `hindcast status` prints beside the running processes, in a checkout of the old build. */
export async function oldStatus(log: string, url: string): Promise<string> {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.cache', 'rolling-'))
  try {
    writeFileSync(
      join(folder, 'hindcast.config.ts'),
      `import { lmdb } from '@hindcast/lmdb-store'
       import { postgres } from '@hindcast/projections'
       import { oldBuild } from '../../test/dist/rolling/old-build.js'
       const { aggregates, projections, upcasters } = oldBuild
       const [store, readModels] = [lmdb(${JSON.stringify(log)}), postgres(${JSON.stringify(url)})]
       export default { store, readModels, aggregates, projections, upcasters }`,
    )
    const bin = join(ROOT, 'packages/cli/dist/bin.js')
    const { code, stdout, stderr } = await runNode([bin, 'status'], folder, TIMEOUT_MS, { NO_COLOR: '1' })
    if (code !== 0) throw new Error(`hindcast status ended with ${code}: ${stderr}`)
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}
