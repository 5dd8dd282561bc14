import { rooms } from '../../boundaries/rooms.mjs'
import { survey } from '../../boundaries/survey.mjs'
import { files, root } from '../../workspace/files.mjs'

/**
 * Every import goes along an arrow that the table of rooms allows.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  return survey({ top: root, paths: files(/\.(ts|mts|mjs|js)$/), rooms })
}
