import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../random.js'
import type { TopicAdmin } from '../topic-admin.js'
import { untilDone } from './until-done.js'
import type { FaultLog } from './fault-log.js'
import type { Lane } from './lane.js'

const MESSAGE_BYTES = [600, 4000] as const
const FOR_MS = [300, 2500] as const

/** Changes what the topic allows while batches are open. */
export function topicFaults(admin: TopicAdmin, random: Random, faults: FaultLog): Lane {
  const lower = async (): Promise<void> => {
    const bytes = random.whole(...MESSAGE_BYTES)
    const milliseconds = random.whole(...FOR_MS)
    if (!(await untilDone(() => admin.limitMessages(bytes)))) return
    faults.came('messageBytesLowered', bytes)
    await pause(milliseconds)
    await untilDone(() => admin.limitMessages(undefined))
    faults.note('messages are not limited')
  }
  const revoke = async (): Promise<void> => {
    const milliseconds = random.whole(...FOR_MS)
    if (!(await untilDone(() => admin.forbidWriting(true)))) return
    faults.came('aclRevoked')
    await pause(milliseconds)
    await untilDone(() => admin.forbidWriting(false))
    faults.note('writing is allowed')
  }
  return { pauseMs: [1500, 5000], kinds: [lower, revoke] }
}
