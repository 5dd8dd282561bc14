import kafkajs, { type Admin } from 'kafkajs'
import { TopicSettingsError, type WrongSetting } from './errors.js'
import { CHECKED_SETTINGS, wrongSettings } from './settings.js'

/**
 * Compares the topic's settings with what a log needs. Without the right to see them (DESCRIBE_CONFIGS) they are not checked,
 * and a process warning says so.
 *
 * @throws TopicSettingsError that lists every wrong one.
 */
export async function checkTopicSettings(admin: Admin, topic: string, replicas: number): Promise<void> {
  const wrong = await findWrongSettings(admin, topic, replicas)
  if (!wrong)
    process.emitWarning(`the settings of topic "${topic}" cannot be checked without DESCRIBE_CONFIGS on it`, {
      code: 'HC_KAFKA_SETTINGS_UNSEEN',
    })
  else if (wrong.length > 0) throw new TopicSettingsError(topic, wrong)
}

/** The settings of a topic that are wrong; undefined without the right to see them. */
export async function findWrongSettings(
  admin: Admin,
  topic: string,
  replicas: number,
): Promise<readonly WrongSetting[] | undefined> {
  const values = await readSettings(admin, topic)
  return values && wrongSettings(values, replicas)
}

/** The settings of a topic that matter, by name; undefined without the right to see them. */
export async function readSettings(admin: Admin, topic: string): Promise<Map<string, string> | undefined> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [...CHECKED_SETTINGS] },
      ],
    })
    const entries = resources[0]?.configEntries ?? []
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]))
  } catch (error) {
    if ((error as { type?: string }).type !== 'TOPIC_AUTHORIZATION_FAILED') throw error
    return undefined
  }
}
