import { createHash } from 'node:crypto'
import { messageInfo } from '../message/message.js'
import type { AggregateDefinition } from './definition.js'

const known = new WeakMap<AggregateDefinition, string>()

/**
 * Names the code that a snapshot's state belongs to: the category, the state's fields, the names and versions of the
 * events folded into it, and the text of the methods that fold them. Another fingerprint never reads the snapshot.
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
    // The text of the folds only adds: compilers print it differently, which costs a snapshot and never truth.
    const prototype = definition.type.prototype as unknown as Record<string, unknown>
    const folds = [...new Set(definition.appliers.values())].map(method => String(prototype[method]))
    const text = JSON.stringify([definition.category, events.toSorted(), fields.toSorted(), folds.toSorted()])
    known.set(definition, (fingerprint = createHash('sha256').update(text).digest('base64url').slice(0, 22)))
  }
  return fingerprint
}
