import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchJars } from '../cluster/jars.js'

const LIGHT = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

/** Compiles a program of this folder against Kafka's jars, and runs it. @returns what it prints */
export async function runSource(name: string, args: readonly string[], input = ''): Promise<string> {
  const classes = mkdtempSync(join(tmpdir(), 'hindcast-java-'))
  try {
    const jars = join(await fetchJars(), '*')
    const source = fileURLToPath(new URL(`${name}.java`, import.meta.url))
    await run('javac', ['-cp', jars, '-d', classes, source], '')
    return await run('java', [...LIGHT, '-cp', `${classes}:${jars}`, name, ...args], input)
  } finally {
    rmSync(classes, { recursive: true, force: true })
  }
}

/** Runs a class of Kafka's own tools. @returns what it prints */
export async function runTool(name: string, args: readonly string[]): Promise<string> {
  return run('java', [...LIGHT, '-cp', join(await fetchJars(), '*'), name, ...args], '')
}

/** True when Java programs can be compiled and run. */
export async function canRunJava(): Promise<boolean> {
  return run('javac', ['-version'], '').then(
    () => true,
    () => false,
  )
}

function run(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve(output)
      else reject(new Error(`${program} ended with ${String(code)}:\n${errors.slice(-4000)}`))
    })
    child.stdin.end(input)
  })
}
