import type { Finding } from '@hindcast/core'
import type { TopicReport } from '../topic/inspect-topic.js'
import { CHECKED_SETTINGS } from '../topic/settings.js'

/** Two clocks that differ by less are called equal. */
const CLOSE_MS = 5_000
/** A record this old says nothing of the clocks of now. */
const RECENT_MS = 60_000
/** Brokers refuse records that lie further ahead of their clock, or far behind it. */
const REFUSED_MS = 3_600_000

/** Every setting that a log depends on; one that cannot be seen is unknown. */
export function judgeTopic({ topic, settings = [], ...report }: TopicReport): readonly Finding[] {
  const known = new Map(settings.map(setting => [setting.name, setting]))
  return CHECKED_SETTINGS.map((name): Finding => {
    const subject = `topic "${topic}": ${name}`
    const setting = known.get(name)
    if (setting) {
      const { value, isRight, fix } = setting
      return isRight ? { subject, value, verdict: 'right' } : { subject, value, verdict: 'wrong', fix }
    }
    const isHidden = report.replicas > 0 && known.size === 0
    return {
      ...{
        subject,
        value: isHidden ? 'not shown to this user' : 'not known to the brokers',
        verdict: 'unknown',
      },
      fix: isHidden
        ? 'grant DESCRIBE_CONFIGS on the topic, or compare the settings with docs/how-to/run-on-kafka.md'
        : 'upgrade the brokers, or see that they do by default what docs/how-to/run-on-kafka.md wants',
    }
  })
}

/** Whether acknowledged events are on several brokers, now too. @param partitions - how many replicas each has, and in sync */
export function judgeReplicas(
  topic: string,
  partitions: readonly { readonly all: number; readonly inSync: number }[],
): Finding {
  const subject = `topic "${topic}": replicas`
  if (partitions.length === 0)
    return {
      subject,
      value: 'not told by the brokers',
      verdict: 'unknown',
      fix: 'look with kafka-topics.sh --describe',
    }
  const all = Math.min(...partitions.map(each => each.all))
  const behind = partitions.filter(each => each.inSync < each.all).length
  const value = `${all}${behind > 0 ? `, in ${behind} of ${partitions.length} partitions not all in sync` : ', all in sync'}`
  if (behind > 0)
    return {
      ...{ subject, value, verdict: 'doubtful' },
      fix: 'see which broker is away or slow: with one more gone, appends wait or events lie on one disk',
    }
  if (all < 3)
    return {
      ...{ subject, value, verdict: 'doubtful' },
      fix: `an acknowledged event is on ${all === 1 ? 'one disk, and lost with it' : 'two disks at best'}; a topic with 3 replicas and min.insync.replicas=2 survives a broker`,
    }
  return { subject, value, verdict: 'right' }
}

/**
 * Whether this machine's clock fits those of the writers, as far as the newest record tells.
 *
 * @param newest - when it was written, by its writer's clock, in ms since 1970; undefined in an empty topic
 * @param now - of this machine
 */
export function judgeNewestRecord(topic: string, newest: number | undefined, now: number): Finding {
  const subject = `topic "${topic}": clock of the writers`
  const look = 'see that all machines keep time (chronyc tracking, timedatectl)'
  if (newest === undefined) return { subject, value: 'no record tells it', verdict: 'unknown', fix: look }
  const ahead = newest - now
  if (ahead > CLOSE_MS)
    return {
      subject,
      value: `${Math.round(ahead / 1_000)} s ahead of this machine`,
      verdict: ahead > REFUSED_MS / 2 ? 'wrong' : 'doubtful',
      fix: `${look}: from an hour's difference on, brokers refuse appends, and "as of" a time is as wrong as the clocks are`,
    }
  if (ahead < -RECENT_MS)
    return {
      ...{ subject, value: `the newest record is ${Math.round(-ahead / 1_000)} s old`, verdict: 'unknown' },
      fix: `${look}; an old record tells nothing of it`,
    }
  return { subject, value: 'close to that of this machine', verdict: 'right' }
}
