import { deleteIndex, FolderDamagedError, OlderFormatError, openIndexFolder } from '@hindcast/stream-index'
import type { FetchAnswer } from '../protocol/port.js'
import { splitBatches } from '../record/record-batch.js'
import type { Genesis } from '../validity/genesis.js'
import { IndexFile } from './index-file.js'
import { LogIndex } from './log-index.js'

/**
 * Opens the index of a log in a folder. One that belongs to another log, is of an older format, is damaged, or does not agree with the log about the
 * last batch it knows, is thrown away: it is then filled again.
 *
 * @param fetchAt - the records from an offset on, to compare with, of a partition that is known to reach so far
 * @throws LogIntegrityError when the log is shorter than the index; IndexInUseError, FolderUnusableError, ForeignFolderError, NewerFormatError
 */
export async function openIndex(
  folder: string,
  genesis: Genesis,
  fetchAt: (partition: number, offset: number, known: number) => Promise<FetchAnswer>,
): Promise<LogIndex> {
  const file = await openFile(folder, genesis)
  const index = new LogIndex(file, folder)
  let fits = false
  try {
    fits =
      file.logId === genesis.logId &&
      file.partitions === genesis.partitions &&
      (await agrees(index, file, fetchAt))
  } finally {
    if (!fits) await file.close()
  }
  if (fits) return index
  deleteIndex(folder)
  return new LogIndex(await openFile(folder, genesis), folder)
}

async function openFile(folder: string, genesis: Genesis): Promise<IndexFile> {
  const open = async (): Promise<IndexFile> => new IndexFile(await openIndexFolder(folder, genesis))
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof FolderDamagedError || error instanceof OlderFormatError)) throw error
    deleteIndex(folder)
    return open()
  }
}

/** True when the last batch that the index knows of each partition is the one that the log has there. */
async function agrees(
  index: LogIndex,
  file: IndexFile,
  fetchAt: (partition: number, offset: number, known: number) => Promise<FetchAnswer>,
): Promise<boolean> {
  for (let partition = 0; partition < file.partitions; partition++) {
    const { lastBatch, lastReserved, lastCrc, next } = index.state(partition)
    if (lastReserved < 0) continue
    const { records } = await fetchAt(partition, lastBatch, next)
    const [found] = splitBatches(partition, records)
    if (found?.baseOffset !== lastBatch || found.lastOffset !== lastReserved || found.crc !== lastCrc)
      return false
  }
  return true
}
