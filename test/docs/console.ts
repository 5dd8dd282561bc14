import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { outputDifference } from './expected-output.js'
import type { Block } from './markdown.js'
import { runNode } from './process.js'

const PROMPT = '$ npx hindcast '
const STARTED = 'started in'
const STEP_MS = 180_000
/** The blocks of the page say when they run, also those of the config file. */
const MARKS = /^\u241E\d+\n/gm

/** One command of a page, and what the page says that it prints. */
interface ConsoleStep {
  readonly line: number
  readonly args: readonly string[]
  readonly prints: string
  /** It ends in `&`: it runs until the page ends. */
  readonly inBackground: boolean
}

/**
 * The commands of a page's ` ```console ` blocks: a line that begins with `$ npx hindcast`, then what it prints.
 *
 * @throws Error for another command
 */
export function consoleSteps(blocks: readonly Block[]): readonly ConsoleStep[] {
  return blocks
    .filter(({ language }) => language === 'console')
    .flatMap(({ text, line }) =>
      text.split(/^(?=\$ )/m).map((part): ConsoleStep => {
        const [command = '', ...printed] = part.split('\n')
        if (!command.startsWith(PROMPT))
          throw new Error(`line ${line}: "${command}" does not begin with "${PROMPT}"`)
        const words = Array.from(
          command.slice(PROMPT.length).matchAll(/'([^']*)'|(\S+)/g),
          ([, quoted, word]) => quoted ?? word!,
        )
        const inBackground = words.at(-1) === '&'
        return {
          line,
          args: inBackground ? words.slice(0, -1) : words,
          prints: printed.join('\n'),
          inBackground,
        }
      }),
    )
}

/** Runs the commands in a folder, in order, and says what is not as the page has it. */
export async function consoleDefects(
  root: string,
  folder: string,
  steps: readonly ConsoleStep[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const bin = join(root, 'packages/cli/dist/bin.js')
  const running: ChildProcess[] = []
  const defects: string[] = []
  try {
    for (const { args, prints, line, inBackground } of steps) {
      if (inBackground) {
        running.push(await started(bin, args, folder, env))
        continue
      }
      const { stdout, stderr } = await runNode([bin, ...args], folder, STEP_MS, { ...env, NO_COLOR: '1' })
      const difference = outputDifference(prints, `${stdout}${stderr}`.replaceAll(MARKS, ''))
      if (difference !== undefined) defects.push(`line ${line}, hindcast ${args.join(' ')}: ${difference}`)
    }
    return defects
  } finally {
    for (const child of running) await ended(child)
  }
}

async function started(
  bin: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, ...env } })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += String(text)))
  const deadline = performance.now() + STEP_MS
  while (!said.includes(STARTED)) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`hindcast ${args.join(' ')} did not start: ${said}`)
    await sleep(20)
  }
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  const over = new Promise(resolve => child.once('close', resolve))
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await over
}
