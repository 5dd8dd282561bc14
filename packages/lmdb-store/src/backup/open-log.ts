import { openStreamIndex, type StreamIndex } from '@hindcast/stream-index'

/** Opens the log of a folder for work that is no app's. @throws FolderUnusableError when there is none. */
export function openLog(folder: string): Promise<StreamIndex> {
  return openStreamIndex(folder, { logId: '', partitions: 1, existing: true })
}
