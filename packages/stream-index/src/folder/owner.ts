import type { Environment } from '../environment/environment.js'
import { IndexInUseError } from './errors.js'

/**
 * Makes this process the only one that works on the folder. LMDB's table of readers says who is alive, so that the claim of
 * a killed process ends with it.
 *
 * @throws IndexInUseError when another living process has claimed it.
 */
export async function claimFolder(environment: Environment, folder: string): Promise<void> {
  await environment.transact(() => {
    const owner = Number(environment.about.get('owner')?.toString() ?? 0)
    if (owner !== process.pid && environment.processes().includes(owner))
      throw new IndexInUseError(folder, owner)
    environment.about.put('owner', Buffer.from(String(process.pid)))
  }, 'aside')
}
