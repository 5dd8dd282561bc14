import { createHash } from 'node:crypto'
import { messageInfo, type Newable } from '../message/message.js'
import { classOf, fieldsOf } from '../payload/field.js'
import type { FieldShape } from '../payload/field-shape.js'
import type { AggregateDefinition } from './definition.js'

/** Of each part: 132 bits of a SHA-256, in base64url. */
const PART_LENGTH = 22

const known = new WeakMap<AggregateDefinition, string>()

/**
 * Names the code that a snapshot's state belongs to, in two parts. The structure is what the class declares, the same from
 * every compiler: the category, the version that it gives its snapshots, the names and versions of the events folded into it,
 * the fields that begin with a value, and what fields are brought back as. The text is that of the class and those above it,
 * without its command handlers: initial values, folds, and methods that these call. A snapshot is loaded only where both are the same.
 *
 * @internal
 */
export function fingerprintOf(definition: AggregateDefinition): string {
  let fingerprint = known.get(definition)
  if (fingerprint === undefined)
    known.set(definition, (fingerprint = digest(structureOf(definition)) + digest(textOf(definition))))
  return fingerprint
}

/** The part of a fingerprint that compilers do not change; undefined for one that was not made by this version. @internal */
export function structurePart(fingerprint: string): string | undefined {
  return fingerprint.length === 2 * PART_LENGTH ? fingerprint.slice(0, PART_LENGTH) : undefined
}

function structureOf({ type, category, snapshots, events }: AggregateDefinition): unknown {
  const shapes = fieldsOf(type)
  const names = events.map(event => {
    const info = messageInfo(event)!
    return `${info.name}@${info.version}`
  })
  // A field that is declared without a value is there from one compiler and not from another (useDefineForClassFields).
  const begun = Object.entries(new type()).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  const fields = [...new Set([...begun, ...shapes.keys()])].toSorted()
  return [
    category,
    snapshots?.version ?? 1,
    names.toSorted(),
    fields.map(name => [name, shapeText(shapes.get(name))]),
  ]
}

/** Compilers print it differently, which costs a snapshot and never truth. */
function textOf({ type, handlers, appliers }: AggregateDefinition): unknown {
  const folding = new Set(appliers.values())
  const deciding = handlers.map(({ method }) => method).filter(method => !folding.has(method))
  const prototype = type.prototype as unknown as Record<string, unknown>
  const folds = [...folding].toSorted().map(method => [method, String(prototype[method])])
  return [Object.keys(new type()).toSorted(), folds, classesOf(type).map(each => textWithout(deciding, each))]
}

/** A class and those above it, up to AggregateRoot, which is left out. */
function classesOf(type: Newable): readonly Newable[] {
  const parent = Object.getPrototypeOf(type) as Newable
  return parent === Function.prototype ? [] : [type, ...classesOf(parent)]
}

/** The text of a class without some of its methods. */
function textWithout(methods: readonly string[], type: Newable): string {
  const own = type.prototype as Record<string, unknown>
  return methods
    .filter(method => Object.hasOwn(own, method))
    .reduce((text, method) => text.replace(String(own[method]), () => '/* decides */'), String(type))
}

/** What a field is brought back as, and the declared fields of its class: they decide what a state in JSON means. */
function shapeText(shape: FieldShape | undefined, above: readonly Newable[] = []): unknown {
  if (shape?.kind === 'list') return [shapeText(shape.of(), above)]
  const type = classOf(shape)
  if (!type) return shape?.kind ?? null
  if (above.includes(type)) return above.indexOf(type)
  return [...fieldsOf(type)].map(([name, inner]) => [name, shapeText(inner, [...above, type])])
}

function digest(part: unknown): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('base64url').slice(0, PART_LENGTH)
}
