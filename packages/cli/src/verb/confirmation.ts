import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { HindcastError } from '@hindcast/core'
import type { Stream } from '../output/output.js'

/** Nobody has agreed to what cannot be taken back; nothing was done. */
export class NotConfirmedError extends HindcastError<'HC_NOT_CONFIRMED'> {
  override readonly name = 'NotConfirmedError'
  constructor(what: string, asked: boolean) {
    super(
      'HC_NOT_CONFIRMED',
      `nothing was done. ${what} ${asked ? 'Answer yes to do it, or give --yes' : 'Give --yes to do it: without a terminal nobody can be asked'}`,
      { what },
    )
  }
}

/**
 * Asks before something is done that cannot be taken back; resolves when it is agreed to.
 *
 * @param what - what would be done, in a sentence
 * @throws NotConfirmedError
 */
export type Confirmation = (what: string) => Promise<void>

/** Where a question is asked and answered. */
export interface Terminal {
  /** Where the answer comes from. */
  readonly stdin?: NodeJS.ReadStream | undefined
  /** Where the question is written. */
  readonly stderr: Stream
  /** Aborted when people press ctrl-C. */
  readonly signal: AbortSignal
}

/** Asks at a terminal, where yes must be typed; where there is none, nobody agrees. */
export function confirmationAt({ stdin, stderr, signal }: Terminal): Confirmation {
  return async what => {
    if (!stdin?.isTTY || !stderr.isTTY) throw new NotConfirmedError(what, false)
    stderr.write(`${what}\nDo it? Type yes: `)
    const answers = createInterface({ input: stdin })
    try {
      const [answer] = (await once(answers, 'line', { signal })) as [string]
      if (answer.trim().toLowerCase() === 'yes') return
    } catch {
      stderr.write('\n') // ctrl-C leaves the cursor behind the question
    } finally {
      answers.close()
    }
    throw new NotConfirmedError(what, true)
  }
}
