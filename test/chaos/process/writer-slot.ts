import { fork, type ChildProcess, type Serializable } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal, type JournalContent } from '../history/journal.js'
import type { WriterOrder } from './writer-order.js'

const MAX_CONCURRENCY = 8
const ERROR_TEXT = 3000

type Ending = readonly [code: number | null, signal: string | null]

/** What the processes of a slot are. */
export interface SlotPlan {
  readonly number: number
  /** The compiled program. */
  readonly program: string
  readonly journalFolder: string
  /** What the program is told beyond a {@link WriterOrder}. */
  readonly order: object
}

/** One of the writers of a run: a process, and after a kill the next one, which goes on where it ended. */
export class WriterSlot {
  private readonly journals: string[] = []
  private child: ChildProcess | undefined
  private ended: Promise<Ending> = Promise.resolve([0, null])
  private hasEnded = false

  constructor(private readonly plan: SlotPlan) {}

  get number(): number {
    return this.plan.number
  }

  /** Starts the next life. Resolves when it appends. @throws Error when it ends before */
  async start(seed: number): Promise<void> {
    const { number, program, journalFolder } = this.plan
    const journal = join(journalFolder, `writer-${number}-${this.journals.length}.jsonl`)
    const before = this.journals.at(-1)
    const order: WriterOrder = {
      ...this.plan.order,
      journal,
      ...(before !== undefined && { before }),
      seed,
      // With one append at a time, many transactions write nothing: all of them were refused.
      concurrency: 1 + (seed % MAX_CONCURRENCY),
    }
    const errors = openSync(errorsOf(journal), 'a')
    const child = fork(program, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', errors, 'ipc'] })
    closeSync(errors)
    this.child = child
    this.hasEnded = false
    this.ended = new Promise(resolve =>
      child.once('exit', (code, signal) => {
        this.hasEnded = true
        resolve([code, signal])
      }),
    )
    this.journals.push(journal)
    await Promise.race([once(child, 'message'), this.ended.then(ending => this.fail(ending))])
  }

  /** Kills the process at once. @returns true when it had an append in flight @throws Error when it had ended by itself */
  async kill(): Promise<boolean> {
    if (this.hasEnded) this.fail(await this.ended)
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

  /** Tells the process something; one that has ended does not hear it. */
  tell(message: Serializable): void {
    if (!this.hasEnded) this.child!.send(message)
  }

  /** Tells the process to finish what it does. @throws Error when it fails, or does not end in time */
  async stop(timeoutMs: number, message: Serializable = 'stop'): Promise<void> {
    this.tell(message)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Ending>(resolve => {
      timer = setTimeout(
        () => resolve([null, `no end within ${timeoutMs} ms of being told to stop`]),
        timeoutMs,
      )
    })
    const ending = await Promise.race([this.ended, late])
    clearTimeout(timer)
    if (ending[0] !== 0) this.fail(ending)
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

  private fail([code, signal]: Ending): never {
    const said = readFileSync(errorsOf(this.journals.at(-1)!), 'utf8').slice(-ERROR_TEXT)
    throw new Error(
      `writer ${this.number}, life ${this.journals.length - 1}, ended with ${String(code ?? signal)}\n${said}`,
    )
  }
}

/** Where a writer's stderr goes. */
function errorsOf(journal: string): string {
  return journal.replace(/jsonl$/, 'err')
}
