import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { describeWhere } from '../../../test/servers/suites.js'

const there = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false

/** A suite on a pseudo-terminal, which `script` of util-linux makes. */
export const terminalSuite = describeWhere(there)

/** A command on a terminal of its own. */
export class AtTerminal {
  /** What the process ended with. */
  readonly ended: Promise<number | null>
  readonly child: ChildProcess
  #output = ''
  #wake = (): void => undefined

  constructor(
    command: readonly string[],
    {
      cwd,
      env,
      columns,
    }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly columns: number },
  ) {
    const quoted = command.map(word => `'${word}'`).join(' ')
    this.child = spawn('script', ['-qfec', `stty cols ${columns} rows 24; exec ${quoted}`, '/dev/null'], {
      cwd,
      env: { ...env, TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
      this.#wake()
    })
    this.ended = new Promise(resolve => this.child.once('close', code => (resolve(code), this.#wake())))
  }

  /** Everything that came to the terminal. */
  get output(): string {
    return this.#output
  }

  /** Until it has printed this. */
  async printed(text: string): Promise<void> {
    while (!this.#output.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`ended without "${text}": ${this.#output}`)
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }

  /** Presses keys. */
  press(keys: string): void {
    this.child.stdin!.write(keys)
  }
}

/** Begins what a terminal does, and does not show. */
export const ESCAPE = '\u001B'
const TOKEN = new RegExp(`${ESCAPE}\\[\\??\\d*[A-Za-z]|[^]`, 'gu')

/** The lines that a terminal shows after all this, and what they were before each of the sequences that erase. */
export function shownBy(
  output: string,
  columns: number,
): { readonly last: string[]; readonly erased: string[][] } {
  const lines = ['']
  const erased: string[][] = []
  let [row, column, wraps] = [0, 0, true]
  const put = (character: string): void => {
    if (column === columns && wraps) [row, column] = [row + 1, 0]
    const line = (lines[row] ?? '').padEnd(column)
    lines[row] = line.slice(0, Math.min(column, columns - 1)) + character + line.slice(column + 1)
    column = Math.min(column + 1, columns)
  }
  for (const [token] of output.matchAll(TOKEN)) {
    if (token === '\r') column = 0
    else if (token === '\n') row++
    else if (token === '\u001B[?7l' || token === '\u001B[?7h') wraps = token.endsWith('h')
    else if (token.endsWith('A') && token.length > 2) row = Math.max(0, row - Number(token.slice(2, -1)))
    else if (token === '\u001B[0J') {
      erased.push([...lines])
      lines.length = row
      lines[row] = (lines[row] ?? '').slice(0, column)
    } else if (!token.startsWith('\u001B')) put(token)
    while (lines.length <= row) lines.push('')
  }
  return { last: lines, erased }
}
