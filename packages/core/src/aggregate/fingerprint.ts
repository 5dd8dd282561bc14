import { createHash } from 'node:crypto'
import { messageInfo, type Newable } from '../message/message.js'
import { classOf, fieldsOf } from '../payload/field.js'
import type { FieldShape } from '../payload/field-shape.js'
import type { AggregateDefinition } from './definition.js'

const known = new WeakMap<AggregateDefinition, string>()

/**
 * Names the code that a snapshot's state belongs to: the category, the state's fields, the names and versions of the
 * events folded into it, the version that the class gives its snapshots, and the text of the methods that fold. Another
 * fingerprint never reads the snapshot.
 *
 * @internal
 */
export function fingerprintOf(definition: AggregateDefinition): string {
  let fingerprint = known.get(definition)
  if (fingerprint === undefined) {
    const shapes = fieldsOf(definition.type)
    const events = definition.events.map(event => {
      const info = messageInfo(event)!
      return `${info.name}@${info.version}`
    })
    const fields = Object.keys(new definition.type())
      .toSorted()
      .map(name => [name, shapeText(shapes.get(name))])
    // The text of the folds only adds: compilers print it differently, which costs a snapshot and never truth.
    const prototype = definition.type.prototype as unknown as Record<string, unknown>
    const folds = [...new Set(definition.appliers.values())].map(method => String(prototype[method]))
    const text = JSON.stringify([
      definition.category,
      definition.snapshots?.version ?? 1,
      events.toSorted(),
      fields,
      folds.toSorted(),
    ])
    known.set(definition, (fingerprint = createHash('sha256').update(text).digest('base64url').slice(0, 22)))
  }
  return fingerprint
}

/** What a field is brought back as, and the declared fields of its class: they decide what a state in JSON means. */
function shapeText(shape: FieldShape | undefined, above: readonly Newable[] = []): unknown {
  if (shape?.kind === 'list') return [shapeText(shape.of(), above)]
  const type = classOf(shape)
  if (!type) return shape?.kind ?? null
  if (above.includes(type)) return above.indexOf(type)
  return [...fieldsOf(type)].map(([name, inner]) => [name, shapeText(inner, [...above, type])])
}
