import { startCluster } from './cluster/cluster.js'
import { canRunKafka } from './cluster/jars.js'

/**
 * Gives the tests of this run a broker: the one named by KAFKA_BROKERS, or one of their own. Where neither is to be had, their
 * suites say that they did not run.
 *
 * @returns stops what was started
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['KAFKA_BROKERS'] !== undefined || !(await canRunKafka())) return undefined
  const cluster = await startCluster()
  process.env['KAFKA_BROKERS'] = cluster.addresses.join(',')
  return async () => {
    delete process.env['KAFKA_BROKERS']
    await cluster[Symbol.asyncDispose]()
  }
}
