import type { KafkaPort } from '../../../src/protocol/port.js'
import { openPort } from '../../../src/store/connect.js'
import { settle } from '../../../src/store/options.js'
import { brokers } from '../../../../../test/servers/suites.js'
import { until } from './gate.js'

/** A port on a topic, which may be so new that its leaders are not yet chosen. */
export async function openRawPort(topic: string): Promise<KafkaPort> {
  const port = openPort(settle({ brokers, topic }))
  await until(async () => {
    const { errorCode, leaders } = await port.refresh()
    return errorCode === 0 && leaders.length > 0 && leaders.every(leader => leader >= 0)
  }, 'every partition has a leader')
  return port
}
