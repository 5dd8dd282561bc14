import { describeWhere, type Suite } from '../../servers/suites.js'
import { canRunKafka } from './jars.js'

/** A suite that starts Kafka brokers of its own. */
export const ownClusterSuite: Suite = describeWhere(await canRunKafka())
