import type { WrongSetting } from './errors.js'

const HOUR_MS = 3_600_000
const LARGEST_BATCH = 1_048_588
const SAFE_REPLICAS = 3

interface Rule {
  readonly name: string
  /** What a new topic is given; undefined leaves the broker's default. */
  readonly created?: (replicas: number) => string | undefined
  readonly isRight: (value: string, replicas: number) => boolean
  readonly fix: string
}

const is =
  (wanted: string) =>
  (value: string): boolean =>
    value === wanted

/** What a topic must be like to be a log. */
const RULES: readonly Rule[] = [
  {
    name: 'cleanup.policy',
    created: () => 'delete',
    isRight: is('delete'),
    fix: 'set it to delete; compaction deletes events',
  },
  {
    name: 'retention.ms',
    created: () => '-1',
    isRight: is('-1'),
    fix: 'set it to -1; anything else deletes old events',
  },
  {
    name: 'retention.bytes',
    created: () => '-1',
    isRight: is('-1'),
    fix: 'set it to -1; anything else deletes old events',
  },
  {
    name: 'message.timestamp.type',
    created: () => 'CreateTime',
    isRight: is('CreateTime'),
    fix: 'set it to CreateTime; otherwise duplicates cannot be told from new records',
  },
  {
    name: 'message.timestamp.before.max.ms',
    created: () => String(HOUR_MS),
    isRight: value => Number(value) <= HOUR_MS,
    fix: `set it to ${HOUR_MS}; a broker forgets a producer whose records look old`,
  },
  {
    name: 'unclean.leader.election.enable',
    created: () => 'false',
    isRight: is('false'),
    fix: 'set it to false; otherwise a broker that lags may become leader, and acknowledged events are lost',
  },
  {
    name: 'min.insync.replicas',
    created: replicas => (replicas >= SAFE_REPLICAS ? '2' : undefined),
    isRight: (value, replicas) => replicas < SAFE_REPLICAS || Number(value) >= 2,
    fix: 'set it to 2; with 1, an acknowledged event may lie on a single broker',
  },
  {
    name: 'compression.type',
    created: () => 'producer',
    isRight: value => value === 'producer' || value === 'uncompressed',
    fix: 'set it to producer; otherwise the broker compresses what must be read as it was written',
  },
  {
    name: 'max.message.bytes',
    isRight: value => Number(value) >= LARGEST_BATCH,
    fix: `set it to ${LARGEST_BATCH} or more; an append may take that much`,
  },
]

/** The names of the settings that are looked at. */
export const CHECKED_SETTINGS: readonly string[] = RULES.map(({ name }) => name)

/** The settings of a new topic. */
export function createdSettings(replicas: number): Record<string, string> {
  return Object.fromEntries(
    RULES.flatMap(({ name, created }) => {
      const value = created?.(replicas)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** A setting of a topic, compared with what a log needs. */
export interface TopicSetting extends WrongSetting {
  /** False where {@link WrongSetting.fix} says what to do. */
  readonly isRight: boolean
}

/** Compares the settings with what a log needs; one that the broker does not know is left out. */
export function judgeSettings(values: ReadonlyMap<string, string>, replicas: number): TopicSetting[] {
  return RULES.flatMap(({ name, isRight, fix }) => {
    const value = values.get(name)
    return value === undefined ? [] : [{ name, value, fix, isRight: isRight(value, replicas) }]
  })
}

/** Which settings are wrong. */
export function wrongSettings(values: ReadonlyMap<string, string>, replicas: number): WrongSetting[] {
  return judgeSettings(values, replicas)
    .filter(({ isRight }) => !isRight)
    .map(({ name, value, fix }) => ({ name, value, fix }))
}
