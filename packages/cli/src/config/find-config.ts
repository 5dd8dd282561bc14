import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigMissingError } from './errors.js'

const NAMES = ['hindcast.config.ts', 'hindcast.config.js'] as const

/** The config file that is named, or the one of a folder. @throws ConfigMissingError */
export async function findConfig(folder: string, named?: string): Promise<string> {
  for (const name of named === undefined ? NAMES : [named]) {
    const file = resolve(join(folder, '.'), name)
    if (await isFile(file)) return file
  }
  throw new ConfigMissingError(folder, named === undefined ? NAMES : [named])
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
