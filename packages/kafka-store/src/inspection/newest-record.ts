import { fetchAt } from '../read/fetch-at.js'
import { Life } from '../read/life.js'
import { splitBatches } from '../record/record-batch.js'
import { findTopic, openPort } from '../store/connect.js'
import type { KafkaSettings } from '../store/options.js'

/**
 * When the newest record of the topic was written, by the clock of its writer, in milliseconds since 1970; undefined in an
 * empty topic. Appends carry the wall clock, whatever clock gives events their time.
 *
 * @throws as reading the log
 */
export async function newestRecord(settings: KafkaSettings): Promise<number | undefined> {
  const port = openPort(settings)
  const life = new Life()
  const timer = setTimeout(() => life.end(), settings.startTimeoutMs)
  try {
    const found = await findTopic(port, settings)
    const times = (found?.leaders ?? []).map(async (_, partition) => {
      const { errorCode, offset } = await port.end(partition)
      if (errorCode !== 0 || offset <= 0) return []
      const { records } = await fetchAt(port, life, partition, offset - 1)
      return splitBatches(partition, records).map(batch => batch.timestamp)
    })
    const all = (await Promise.all(times)).flat()
    return all.length === 0 ? undefined : Math.max(...all)
  } finally {
    clearTimeout(timer)
    life.end()
    port.close()
  }
}
