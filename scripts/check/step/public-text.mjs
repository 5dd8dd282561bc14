import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { files, root } from '../../workspace/files.mjs'
import { privateText } from '../../public-text/private-text.mjs'

/**
 * Nothing in the repository names one person's machine or the registry its packages happened to come from.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  let characters = 0
  const read = files()
  const problems = read.flatMap(path => {
    const text = readFileSync(join(root, path), 'utf8')
    characters += text.length
    return privateText(text).map(({ line, found, why }) => `${path}:${line} has ${why}: ${found}`)
  })
  return { saw: { files: read.length, characters }, problems }
}
