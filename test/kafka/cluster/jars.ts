import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The Kafka that the tests run against. */
export const KAFKA_VERSION = '4.1.0'

const ARTIFACTS = [
  ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
  ['org.apache.kafka', 'kafka-tools', KAFKA_VERSION],
  ['org.apache.kafka', 'kafka-streams', KAFKA_VERSION],
  ['org.slf4j', 'slf4j-simple', '1.7.36'],
] as const

const run = promisify(execFile)

/** Where Kafka's jars are kept between runs: outside of any checkout. */
export function jarFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return join(cache, 'hindcast', `kafka-${KAFKA_VERSION}`)
}

/** True when a Java and either the jars or a Maven to fetch them are here. */
export async function canRunKafka(): Promise<boolean> {
  const java = await answers('java', '-version')
  return java && (existsSync(jarFolder()) || (await answers('mvn', '-version')))
}

/** The folder with Kafka's jars; the first call on a machine fetches 120 MB from Maven Central. */
export async function fetchJars(): Promise<string> {
  const folder = jarFolder()
  if (existsSync(folder)) return folder
  mkdirSync(join(folder, '..'), { recursive: true })
  const work = mkdtempSync(`${folder}-`)
  try {
    writeFileSync(join(work, 'pom.xml'), pom())
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'], { cwd: work })
    // Another process may have been faster; then its folder is as good.
    if (!existsSync(folder)) renameSync(join(work, 'libs'), folder)
    return folder
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function answers(program: string, question: string): Promise<boolean> {
  return run(program, [question]).then(
    () => true,
    () => false,
  )
}

function pom(): string {
  const dependencies = ARTIFACTS.map(
    ([group, name, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  )
  return (
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>' +
    '<groupId>hindcast</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>' +
    `<dependencies>${dependencies.join('')}</dependencies></project>`
  )
}
