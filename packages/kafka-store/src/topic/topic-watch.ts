import { channel } from 'node:diagnostics_channel'
import type { LogIntegrityError } from '@hindcast/core'
import type { TopicMetadata } from '../protocol/port.js'
import type { Life } from '../read/life.js'
import type { WrongSetting } from './errors.js'
import { partitionCountProblem } from './log-identity.js'

/** Settings of a topic that have become wrong: published on the channel `hindcast:kafka:settings`. */
export interface ChangedSettings {
  /** The topic. */
  readonly topic: string
  /** All that are wrong now. */
  readonly wrong: readonly WrongSetting[]
}

/** What a watch begins with. */
export interface WatchPlan {
  /** How many partitions the log was made with. */
  readonly partitions: number
  /** Told once when the topic has another number. */
  readonly stop: (reason: LogIntegrityError) => void
  /** Asks the cluster for the topic, which {@link TopicWatch.see} hears of, and for its wrong settings. */
  readonly look: () => Promise<readonly WrongSetting[]>
  /** How often to look, in milliseconds. */
  readonly everyMs: number
}

const changed = channel('hindcast:kafka:settings')

/**
 * Looks at the topic again while a process appends to it: what was right at start can be altered by anybody.
 *
 * A changed number of partitions stops the writing. Wrong settings do not: what they endanger is endangered whether or not
 * more is written, so that stopping would add an outage; they are said again with every look until they are right.
 */
export class TopicWatch {
  private plan: WatchPlan | undefined

  constructor(
    private readonly topic: string,
    private readonly life: Life,
  ) {}

  /** Begins to look. */
  begin(plan: WatchPlan): void {
    this.plan = plan
    void this.run(plan)
  }

  /** Is told of every answer of the cluster about the topic. */
  see({ errorCode, leaders }: TopicMetadata): void {
    if (!this.plan || errorCode !== 0 || leaders.length === 0) return
    const problem = partitionCountProblem(this.topic, this.plan.partitions, leaders.length)
    if (!problem) return
    this.plan.stop(problem)
    this.plan = undefined
  }

  private async run({ look, everyMs }: WatchPlan): Promise<void> {
    for (;;) {
      await this.life.pause(everyMs)
      if (this.life.isOver) return
      // Brokers that are away, or that do not show the settings: the next look may see more.
      const wrong = await look().catch(() => [])
      if (wrong.length > 0 && !this.life.isOver) this.say(wrong)
    }
  }

  private say(wrong: readonly WrongSetting[]): void {
    const lines = wrong.map(({ name, value, fix }) => `${name} is ${value}: ${fix}`)
    process.emitWarning(
      `topic "${this.topic}" was altered and no longer keeps events safe. ${lines.join('. ')}`,
      { code: 'HC_KAFKA_SETTINGS_CHANGED' },
    )
    changed.publish({ topic: this.topic, wrong } satisfies ChangedSettings)
  }
}
