import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GoldenFileError } from './errors.js'
import { parseGolden } from './golden-format.js'
import { DEFAULT_GOLDEN_FOLDER } from './golden-options.js'
import { replayGolden, type GoldenParts, type Untried } from './replay.js'

/** The replay of one golden file, as a test for any runner: `it(name, run)`. */
export interface GoldenCase {
  /** Type, version and file, as a sentence. */
  readonly name: string
  /** Replays it; rejects with GoldenFileError or GoldenReplayError. Gives what could not be tried. */
  readonly run: () => Promise<Untried>
}

const FILE = /^(?<type>.+)\.v(?<version>\d+)\.ndjson$/

/**
 * The replays of all golden files of a folder, sorted: `for (const { name, run } of await goldenCases({ aggregates })) it(name, run)`.
 *
 * @throws GoldenFileError when there is no such folder, or nothing in it: a test that tries nothing would pass for ever
 */
export async function goldenCases(
  parts: GoldenParts,
  folder: string = DEFAULT_GOLDEN_FOLDER,
): Promise<readonly GoldenCase[]> {
  const names = (await filesOf(folder)).filter(name => FILE.test(name)).toSorted()
  if (names.length === 0) throw new GoldenFileError(folder, 0, 'it has no golden events')
  return names.map(name => {
    const file = join(folder, name)
    const { type, version } = FILE.exec(name)!.groups!
    return { name: `replays "${type}" version ${version} (${file})`, run: () => replayFile(file, parts) }
  })
}

async function replayFile(file: string, parts: GoldenParts): Promise<Untried> {
  return replayGolden(parseGolden(await readFile(file, 'utf8'), file), file, parts)
}

async function filesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    throw new GoldenFileError(folder, 0, `it cannot be read: ${(error as Error).message}`, error)
  }
}
