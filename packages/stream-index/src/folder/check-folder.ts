import { checkDataFile } from '../file/data-file.js'

/**
 * Looks at every page of the data file in a folder, without opening it.
 *
 * @throws FolderDamagedError
 */
export function checkFolder(folder: string): void {
  checkDataFile(folder, true)
}
