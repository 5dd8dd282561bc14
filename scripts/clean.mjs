// `npm run clean`: removes all build output, also that of sources which no longer exist.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { packagesIn } from './workspace/packages.mjs'
import { root } from './workspace/files.mjs'

const folders = [...packagesIn('packages'), ...packagesIn('examples')].map(({ folder }) => folder)
for (const folder of [...folders, 'test', 'bench'])
  rmSync(join(root, folder, 'dist'), { recursive: true, force: true })
