import type { Turn } from '../measure/run-clients.js'
import { RemoteContender } from './remote-contender.js'
import { Contender } from './contender.js'
import type { SuiteRun } from '../suite/suite.js'
import type { Side } from './side.js'

type Member = Pick<Contender, 'turn' | typeof Symbol.asyncDispose>

/** A turn of all contenders together. */
export interface CrowdTurn extends Turn {
  readonly cents: number
  readonly gaveUp: number
}

/** Contenders that go at the one account at the same time: this process alone, or several others. */
export class Crowd implements AsyncDisposable {
  private constructor(private readonly members: readonly Member[]) {}

  static async start({ store, ground }: SuiteRun, processes: number): Promise<Crowd> {
    if (processes === 1) return new Crowd([await Contender.start(ground, 'alone')])
    const names = Array.from({ length: processes }, (_, i) => `${processes}-${i}`)
    return new Crowd(await Promise.all(names.map(name => RemoteContender.start(store, ground.address, name))))
  }

  /** @param clients - in all; they are dealt out evenly */
  async turn(side: Side, clients: number, seconds: number): Promise<CrowdTurn> {
    const share = Math.ceil(clients / this.members.length)
    const reports = await Promise.all(
      this.members.map(member => member.turn({ side, clients: share, seconds })),
    )
    const sum = (of: (report: (typeof reports)[number]) => number): number =>
      reports.reduce((total, report) => total + of(report), 0)
    return {
      operations: sum(report => report.operations),
      elapsedMs: Math.max(...reports.map(report => report.elapsedMs)),
      cpuMs: sum(report => report.cpuMs),
      latencies: Float64Array.from(reports.flatMap(report => report.latencies)).toSorted(),
      cents: sum(report => report.cents),
      gaveUp: sum(report => report.gaveUp),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map(member => member[Symbol.asyncDispose]()))
  }
}
