import { ConcurrencyError, type App } from '@hindcast/core'
import { Deposit } from '../bank/account.js'
import { accountKey, depositData } from '../bank/sample.js'
import { startBank } from '../bank/start-bank.js'
import { runClients } from '../measure/run-clients.js'
import type { LogGround, RawLog } from '../store/log-ground.js'
import type { TurnOrder, TurnReport } from './side.js'

/** The account that everybody wants. */
export const CONTESTED = 0

/** A process that deposits into the one account, next to others or alone. */
export class Contender implements AsyncDisposable {
  private constructor(
    private readonly app: App,
    private readonly raw: RawLog,
    private readonly rawStream: string,
  ) {}

  /** @param name - tells its raw values from those of the others */
  static async start(ground: LogGround, name: string): Promise<Contender> {
    const app = await startBank(ground.log, 'cached')
    return new Contender(app, await ground.raw(2), `${accountKey(CONTESTED)}-${name}`)
  }

  /** Deposits for some seconds with some clients at a time. */
  async turn({ side, clients, seconds }: TurnOrder): Promise<TurnReport> {
    const sums = { cents: 0, gaveUp: 0 }
    const { operations, latencies, ...turn } = await runClients(clients, { seconds }, n =>
      side === 'ours' ? this.deposit(n, sums) : this.raw.append(this.rawStream, depositData(n)),
    )
    return { ...turn, operations: operations - sums.gaveUp, latencies: [...latencies], ...sums }
  }

  private async deposit(n: number, sums: { cents: number; gaveUp: number }): Promise<void> {
    const data = depositData(n)
    try {
      await this.app.execute(accountKey(CONTESTED), Deposit.of(data))
      sums.cents += data.cents
    } catch (error) {
      if (!(error instanceof ConcurrencyError)) throw error
      sums.gaveUp++
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.stop()
    await this.raw[Symbol.asyncDispose]()
  }
}
