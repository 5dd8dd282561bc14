import { release } from '../environment/shared.js'
import { openFolder } from '../folder/open-folder.js'
import { prepareFolder } from '../folder/prepare-folder.js'
import { StreamIndex } from './stream-index.js'

/** What to open, and what to make when the folder is new. */
export interface StreamIndexOptions {
  /** For a new folder; an existing one keeps its own, see {@link StreamIndex.logId}. */
  readonly logId: string
  /** For a new folder; an existing one keeps its own, see {@link StreamIndex.partitions}. */
  readonly partitions: number
  /** The first offset of each partition of a new folder. Default 0; a log begins at 1, behind its genesis records. */
  readonly firstOffset?: number
  /** Refuses to make a new one. Default false. */
  readonly existing?: boolean
}

/**
 * Opens the log in a folder, or makes one where nothing is; several processes may share it.
 *
 * @throws FolderUnusableError, ForeignFolderError, NewerFormatError, OlderFormatError, FolderDamagedError
 */
export async function openStreamIndex(folder: string, options: StreamIndexOptions): Promise<StreamIndex> {
  const prepared = prepareFolder(folder, options.existing)
  const { logId, partitions, firstOffset } = options
  const shared = await openFolder(folder, prepared, { kind: 'log', logId, partitions, firstOffset })
  return new StreamIndex(shared, () => release(prepared.path))
}
