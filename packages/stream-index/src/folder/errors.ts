import { HindcastError } from '@hindcast/core'

/** The folder cannot be used: not a folder, no permission, disk full. */
export class FolderUnusableError extends HindcastError<'HC_FOLDER_UNUSABLE'> {
  override readonly name = 'FolderUnusableError'
  constructor(folder: string, reason: string, options: ErrorOptions = {}) {
    super(
      'HC_FOLDER_UNUSABLE',
      `folder "${folder}" cannot be used: ${reason}. Give the store a folder that this process may read and write`,
      { folder, reason },
      options,
    )
  }
}

/** The folder holds files of something else; they were not touched. */
export class ForeignFolderError extends HindcastError<'HC_FOLDER_FOREIGN'> {
  override readonly name = 'ForeignFolderError'
  constructor(folder: string, found: string) {
    super(
      'HC_FOLDER_FOREIGN',
      `folder "${folder}" is not this store's: it holds ${found}. Nothing was changed. Name another folder, or an empty one`,
      { folder, found },
    )
  }
}

/** The folder was written by a newer version of this library; it was not touched. */
export class NewerFormatError extends HindcastError<'HC_FORMAT_NEWER'> {
  override readonly name = 'NewerFormatError'
  constructor(folder: string, format: number, known: number) {
    super(
      'HC_FORMAT_NEWER',
      `folder "${folder}" has format ${format}, this version of the library reads format ${known}. Nothing was changed. Update the library`,
      { folder, format, known },
    )
  }
}

/** The folder was written by an older version of this library, in a format that is not read any more; it was not touched. */
export class OlderFormatError extends HindcastError<'HC_FORMAT_OLDER'> {
  override readonly name = 'OlderFormatError'
  constructor(folder: string, format: number, known: number) {
    super(
      'HC_FORMAT_OLDER',
      `folder "${folder}" has format ${format}, this version of the library reads format ${known}. Nothing was changed. Open it with the version that wrote it, and copy its events into a new folder; a folder that is only an index can be deleted, it is filled again`,
      { folder, format, known },
    )
  }
}

/** The folder's files are damaged or incomplete; they were not changed. */
export class FolderDamagedError extends HindcastError<'HC_FOLDER_DAMAGED'> {
  override readonly name = 'FolderDamagedError'
  constructor(folder: string, reason: string, options: ErrorOptions = {}) {
    super(
      'HC_FOLDER_DAMAGED',
      `folder "${folder}" is damaged: ${reason}. Nothing was changed. Restore it from a backup; a folder that is only an index can be deleted, it is filled again`,
      { folder, reason },
      options,
    )
  }
}

/** Another process works on this index, which belongs to one process only. */
export class IndexInUseError extends HindcastError<'HC_INDEX_IN_USE'> {
  override readonly name = 'IndexInUseError'
  constructor(folder: string, pid: number) {
    super(
      'HC_INDEX_IN_USE',
      `the index in folder "${folder}" is in use by process ${pid}. Stop it, or give this process a folder of its own`,
      { folder, pid },
    )
  }
}
