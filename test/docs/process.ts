import { spawn } from 'node:child_process'

/** What a child process said, and how it ended. */
export interface Ended {
  readonly code: number | null
  /** The signal that ended it; null when none did. */
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs Node on a script and waits for its end, but no longer than the time: then it is killed and `code` is null.
 *
 * @param env - added to this process's environment
 */
export function runNode(
  args: readonly string[],
  cwd: string,
  timeoutMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...cleanEnvironment(), ...env },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

/** The environment without what the test runner put there for its own workers. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(VITEST|TINYPOOL|NODE_OPTIONS|NODE_ENV$|DEV$|PROD$|SSR$|MODE$|BASE_URL$|TEST$)/.test(name),
    ),
  )
}
