import type { TestProject } from 'vitest/node'
import { startCluster } from '../kafka/cluster/cluster.js'
import { canRunKafka } from '../kafka/cluster/jars.js'

/**
 * Gives the tests of this run a broker: the one named by KAFKA_BROKERS, or one of their own, which they all share. Where
 * neither is to be had, the last line of the run says how many suites did not run.
 *
 * @returns stops what was started
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['KAFKA_BROKERS']
  if (given) {
    project.provide('kafkaBrokers', given.split(','))
    return undefined
  }
  if (!(await canRunKafka())) return undefined
  const cluster = await startCluster()
  project.provide('kafkaBrokers', cluster.addresses)
  return async () => cluster[Symbol.asyncDispose]()
}
