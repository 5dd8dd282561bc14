import { createHash } from 'node:crypto'
import { messageInfo } from '../message/message.js'
import type { AggregateDefinition } from './definition.js'

const known = new WeakMap<AggregateDefinition, string>()

/**
 * Names the code that a snapshot's state belongs to: the category, the state's fields, and the names and versions of the
 * events folded into it. Another fingerprint never reads the snapshot.
 *
 * @internal
 */
export function fingerprintOf(definition: AggregateDefinition): string {
  let fingerprint = known.get(definition)
  if (fingerprint === undefined) {
    const events = definition.events.map(event => {
      const info = messageInfo(event)!
      return `${info.name}@${info.version}`
    })
    const fields = Object.keys(new definition.type())
    const text = JSON.stringify([definition.category, events.toSorted(), fields.toSorted()])
    known.set(definition, (fingerprint = createHash('sha256').update(text).digest('base64url').slice(0, 22)))
  }
  return fingerprint
}
