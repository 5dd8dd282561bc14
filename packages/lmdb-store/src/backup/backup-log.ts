import { openLog } from './open-log.js'

/** What a backup holds. */
export interface LogBackup {
  /** The identity of the log. */
  readonly logId: string
  /** The size of the copy. */
  readonly bytes: number
}

/**
 * Copies the log of a folder into an empty folder, while processes append to it. The copy is the log as it was at one
 * moment: whole appends, and everything that was acknowledged before the call. It opens like the original.
 *
 * @throws FolderUnusableError when there is no log, or the other folder is not empty; FolderDamagedError
 */
export async function backupLog(folder: string, target: string): Promise<LogBackup> {
  const index = await openLog(folder)
  try {
    const bytes = await index.copyTo(target)
    return { logId: index.logId, bytes }
  } finally {
    await index.close()
  }
}
