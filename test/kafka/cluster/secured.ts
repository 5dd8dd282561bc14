import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Listeners of a broker that let in only who is known, or only with TLS. */
export interface SecuredListeners {
  /** `name://host:port`, and the protocol that it speaks. */
  readonly listeners: readonly {
    readonly name: string
    readonly address: string
    readonly protocol: string
  }[]
  /** Further lines of server.properties. */
  readonly properties: Readonly<Record<string, string>>
  /** What clients must trust to use TLS, as PEM. */
  readonly certificate: string
}

const PASSWORD = 'only-for-tests'
const run = promisify(execFile)

/**
 * A listener `SASL` (PLAIN, for the users given) and one `TLS` with a certificate of its own making. Users may only do what
 * ACLs let them; who comes over any other listener may do everything.
 *
 * @param users - passwords by name
 */
export async function securedListeners(
  folder: string,
  users: Readonly<Record<string, string>>,
  [saslPort, tlsPort]: readonly [number, number],
): Promise<SecuredListeners> {
  mkdirSync(folder, { recursive: true })
  const store = join(folder, 'broker.p12')
  const keytool = (...args: string[]): Promise<unknown> =>
    run('keytool', [...args, '-alias', 'broker', '-keystore', store, '-storepass', PASSWORD])
  const names = ['-dname', 'CN=broker', '-ext', 'san=ip:127.0.0.1,dns:localhost']
  await keytool('-genkeypair', '-keyalg', 'EC', '-storetype', 'PKCS12', '-validity', '2', ...names)
  const pem = join(folder, 'broker.pem')
  await keytool('-exportcert', '-rfc', '-file', pem)
  const logins = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`)
  return {
    listeners: [
      { name: 'SASL', address: `127.0.0.1:${saslPort}`, protocol: 'SASL_PLAINTEXT' },
      { name: 'TLS', address: `127.0.0.1:${tlsPort}`, protocol: 'SSL' },
    ],
    properties: {
      'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${logins.join(' ')};`,
      'listener.name.tls.ssl.keystore.location': store,
      'listener.name.tls.ssl.keystore.type': 'PKCS12',
      'listener.name.tls.ssl.keystore.password': PASSWORD,
      'listener.name.tls.ssl.key.password': PASSWORD,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    },
    certificate: readFileSync(pem, 'utf8'),
  }
}
