import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { TurnOrder, TurnReport } from './side.js'

const WORKER = fileURLToPath(new URL('worker.js', import.meta.url))

/** A contender in a process of its own. */
export class RemoteContender implements AsyncDisposable {
  private constructor(private readonly child: ChildProcess) {}

  /** @param address - of the log that it shares, see LogGround.address */
  static async start(store: string, address: string, name: string): Promise<RemoteContender> {
    const contender = new RemoteContender(fork(WORKER, [store, address, name], { serialization: 'advanced' }))
    await contender.answer()
    return contender
  }

  /** Like Contender.turn. */
  async turn(order: TurnOrder): Promise<TurnReport> {
    const answer = this.answer()
    this.child.send(order)
    return (await answer) as TurnReport
  }

  /** The next message of the process. @throws when it ends instead */
  private async answer(): Promise<unknown> {
    const over = new AbortController()
    try {
      return await Promise.race([
        once(this.child, 'message', over).then(([message]) => message as unknown),
        once(this.child, 'exit', over).then(([code, signal]) => {
          throw new Error(`a worker of the bench ended (${String(code ?? signal)}) before it answered`)
        }),
      ])
    } finally {
      over.abort()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null) return
    const exited = once(this.child, 'exit')
    this.child.send('end')
    await exited
  }
}
