import { startCluster, type Cluster } from '../../kafka/cluster/cluster.js'
import { WRITER } from './writer-order.js'

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule'

/**
 * Three brokers that forget a producer within seconds. The writers come through the proxies, as a principal of their own, to
 * whom the topic can be forbidden; brokers and the administrator come directly, and may everything.
 */
export function startChaosCluster(): Promise<Cluster> {
  return startCluster({
    brokers: 3,
    proxied: true,
    settings: {
      'producer.id.expiration.ms': '3000',
      'producer.id.expiration.check.interval.ms': '500',
      'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXY:SASL_PLAINTEXT',
      'listener.name.proxy.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.proxy.plain.sasl.jaas.config': `${PLAIN} required user_${WRITER.username}="${WRITER.password}";`,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
      'super.users': 'User:ANONYMOUS',
    },
  })
}
