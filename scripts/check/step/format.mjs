import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { check, getFileInfo, resolveConfig } from 'prettier'
import { files, root } from '../../workspace/files.mjs'

/**
 * Every file that prettier knows is formatted as .prettierrc.json says.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const problems = []
  let formatted = 0
  for (const path of files()) {
    const file = join(root, path)
    const { ignored, inferredParser } = await getFileInfo(file, { ignorePath: join(root, '.prettierignore') })
    if (ignored || inferredParser === null) continue
    formatted++
    const options = { ...(await resolveConfig(file)), filepath: file }
    try {
      if (!(await check(await readFile(file, 'utf8'), options)))
        problems.push(`${path} is not formatted: npm run format`)
    } catch (error) {
      problems.push(`${path}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    }
  }
  return { saw: { files: formatted }, problems }
}
