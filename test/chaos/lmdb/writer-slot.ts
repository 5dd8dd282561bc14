import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readJournal, type JournalContent } from '../history/journal.js'
import type { WriterOrder } from './writer-order.js'

const PROGRAM = fileURLToPath(new URL('writer-process.js', import.meta.url))
const MAX_CONCURRENCY = 8

type Ending = readonly [code: number | null, signal: string | null]

/** One of the writers of a run: a process, and after a kill the next one, which goes on where it ended. */
export class WriterSlot {
  private readonly journals: string[] = []
  private child: ChildProcess | undefined
  private ended: Promise<Ending> = Promise.resolve([0, null])

  constructor(
    private readonly number: number,
    private readonly folder: string,
    private readonly journalFolder: string,
  ) {}

  /** Starts the next life. Resolves when it appends. @throws Error when it ends before. */
  async start(seed: number): Promise<void> {
    const journal = join(this.journalFolder, `writer-${this.number}-${this.journals.length}.jsonl`)
    const before = this.journals.at(-1)
    const order: WriterOrder = {
      folder: this.folder,
      journal,
      ...(before !== undefined && { before }),
      seed,
      // With one append at a time, many transactions write nothing: all of them were refused.
      concurrency: 1 + (seed % MAX_CONCURRENCY),
    }
    const child = fork(PROGRAM, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.child = child
    this.ended = new Promise(resolve => child.once('exit', (code, signal) => resolve([code, signal])))
    this.journals.push(journal)
    await Promise.race([
      once(child, 'message'),
      this.ended.then(([code, signal]) => {
        throw new Error(`writer ${this.number} ended before it began (${String(code)}, ${String(signal)})`)
      }),
    ])
  }

  /** Kills the process at once. @returns true when it had an append in flight */
  async kill(): Promise<boolean> {
    this.child!.kill('SIGKILL')
    await this.ended
    return this.content(this.journals.length - 1).attempts.some(attempt => attempt.answeredAt === Infinity)
  }

  /** Freezes the process for a time. */
  async freeze(milliseconds: number): Promise<void> {
    this.child!.kill('SIGSTOP')
    await new Promise(resolve => setTimeout(resolve, milliseconds))
    this.child!.kill('SIGCONT')
  }

  /** Lets the process finish what it does. @throws Error when it fails */
  async stop(): Promise<void> {
    this.child!.send('stop')
    const [code, signal] = await this.ended
    if (code !== 0) throw new Error(`writer ${this.number} ended with ${String(code ?? signal)}`)
  }

  /** Ends the process, however it is, when the run has failed. */
  abandon(): void {
    this.child?.kill('SIGKILL')
  }

  /** What all its lives noted. */
  history(): JournalContent[] {
    return this.journals.map((_, life) => this.content(life))
  }

  private content(life: number): JournalContent {
    return readJournal(this.journals[life]!, `writer ${this.number}, life ${life}`)
  }
}
