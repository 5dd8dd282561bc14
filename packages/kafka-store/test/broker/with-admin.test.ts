import kafkajs from 'kafkajs'
import { expect, it } from 'vitest'
import { withAdmin } from '../../src/store/connect.js'
import { settle } from '../../src/store/options.js'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'

/** Its types forget the message. */
const SaslError = kafkajs.KafkaJSSASLAuthenticationError as new (message: string) => Error

kafkaSuite('the work of an administrator', () => {
  it('is done again when the connection to a broker ends under it', async () => {
    let tries = 0
    const count = await withAdmin(settle({ brokers, topic: 'any' }), async admin => {
      if (tries++ === 0) throw new kafkajs.KafkaJSConnectionError('read ECONNRESET')
      return (await admin.describeCluster()).brokers.length
    })
    expect(tries).toBe(2)
    expect(count).toBeGreaterThan(0)
  })

  it('is done again when a broker froze or went away while it looked at the credentials', async () => {
    const lost = [
      'SASL PLAIN authentication failed: Request SaslAuthenticate(key: 36, version: 1) timed out',
      'SASL SCRAM SHA256 authentication failed: Connection error: read ECONNRESET',
      'SASL PLAIN authentication failed: Connection closed by the server',
      'SASL PLAIN authentication failed: Closed connection',
      'SASL PLAIN authentication failed: Not connected',
    ]
    let tries = 0
    await withAdmin(settle({ brokers, topic: 'any' }), async () => {
      const message = lost[tries++]
      if (message !== undefined) throw new SaslError(message)
    })
    expect(tries).toBe(lost.length + 1)
  })

  it('is not done again when a broker refused the credentials', async () => {
    const refused = new SaslError(
      'SASL PLAIN authentication failed: Authentication failed: Invalid username or password',
    )
    const work = withAdmin(settle({ brokers, topic: 'any' }), () => Promise.reject(refused))
    await expect(work).rejects.toMatchObject({ code: 'HC_KAFKA_CREDENTIALS' })
  })

  it('is given up with a coded error when no broker comes back in time', async () => {
    const settings = settle({ brokers: ['127.0.0.1:1'], topic: 'any', startTimeoutMs: 500 })
    await expect(withAdmin(settings, admin => admin.describeCluster())).rejects.toMatchObject({
      code: 'HC_KAFKA_UNREACHABLE',
      retryable: true,
    })
  })

  it('says that the right to make the topic is missing', async () => {
    const refused = new kafkajs.KafkaJSProtocolError({
      type: 'TOPIC_AUTHORIZATION_FAILED',
      message: 'no',
      code: 29,
      retriable: false,
    } as never)
    const work = withAdmin(settle({ brokers, topic: 'any' }), () => Promise.reject(refused))
    await expect(work).rejects.toMatchObject({ code: 'HC_KAFKA_FORBIDDEN' })
  })
})
