import { fieldsOf, type FieldShape, type Newable } from '@hindcast/core'
import { fieldSchema } from './field-schema.js'
import type { JsonSchema } from './json-schema.js'
import { rulesOf, type FieldRules } from './rules.js'

/** A class on the way from the event to the schema at hand. */
interface Ancestor {
  readonly type: Newable
  readonly checked: boolean
  readonly pointer: string
}

/**
 * The JSON Schema of an event's payload as the log has it: what class-validator's rules let through and `@Field` can rebuild.
 * Neither the order of decorators nor that of fields matters.
 *
 * @see docs/reference/schema-lock.md
 */
export function schemaOf(event: Newable): JsonSchema {
  return objectSchema(event, true, '#', [])
}

/** @param checked - whether class-validator sees the object, or only the reader that `@Field` declares */
function objectSchema(
  type: Newable,
  checked: boolean,
  pointer: string,
  ancestors: readonly Ancestor[],
): JsonSchema {
  const again = ancestors.find(each => each.type === type && each.checked === checked)
  if (again) return { type: ['object'], $ref: again.pointer }
  const way = [...ancestors, { type, checked, pointer }]
  const shapes = fieldsOf(type)
  const rules: ReadonlyMap<string, FieldRules> = checked ? rulesOf(type) : new Map()
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  for (const field of [...new Set([...shapes.keys(), ...rules.keys(), ...visibleFields(type)])].toSorted()) {
    const at = `${pointer}/properties/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const nested = (shape: FieldShape & { kind: 'class' }, isChecked: boolean, steps: string): JsonSchema =>
      objectSchema(shape.type(), isChecked, at + steps, way)
    const draft = fieldSchema(shapes.get(field), rules.get(field), nested)
    Object.defineProperty(properties, field, { value: draft.schema, enumerable: true })
    if (draft.required) required.push(field)
  }
  return {
    type: ['object'],
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  }
}

/** Fields that no decorator names show where the compiler defines them; a class that needs arguments is not tried. */
function visibleFields(type: Newable): readonly string[] {
  if (type.length > 0) return []
  try {
    return Object.keys(new (type as new () => object)())
  } catch {
    return []
  }
}
