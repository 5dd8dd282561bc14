import {
  appSchemas,
  checkSchemas,
  DEFAULT_LOCK_FILE,
  lostSchemas,
  readLock,
  unseenFields,
} from '@hindcast/evolution'
import { EXIT, type ExitCode } from '../../program/exit-code.js'
import type { VerbContext } from '../verb.js'
import { findingText } from './finding-text.js'

/** What is compared. */
export interface CheckVerbOptions {
  /** A lock of before, of which everything must be there. Default: none. */
  readonly base?: string
}

/** Compares the events of the app with the lock, and shows every finding. Gives whether there is none. */
export async function checkSchema(
  { config, output }: VerbContext,
  { base }: CheckVerbOptions = {},
): Promise<ExitCode> {
  const { lock: file = DEFAULT_LOCK_FILE, ...options } = config.schema ?? {}
  const app = appSchemas(config)
  const lock = await readLock(file)
  const lost = base === undefined ? [] : lostSchemas(await readLock(base, { existing: true }), lock)
  const findings = [...lost, ...checkSchemas(app, lock, options)]
  for (const finding of findings) output.result(finding, () => findingText(finding))
  for (const { name, schema } of app.events.values()) {
    const unseen = unseenFields(schema)
    if (unseen.length > 0)
      output.note(
        `"${name}": no rule and no @Field says what ${unseen.join(', ')} may be; a change of it is not seen`,
      )
  }
  if (findings.length > 0) return EXIT.problems
  output.note(`the events of the app (${app.events.size}) are as ${file} has them`)
  return EXIT.done
}
