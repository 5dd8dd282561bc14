import type { Newable } from '../message/message.js'
import { FieldDefinitionError } from '../payload/errors.js'
import { classOf, elementOf, fieldsOf } from '../payload/field.js'

/**
 * What is wrong with the `@Field` declarations of classes and of the classes nested in them. Asking a declaration like
 * `() => Money` for its class is what shows it.
 *
 * @internal
 */
export function fieldProblems(types: Iterable<Newable>): readonly string[] {
  const problems: string[] = []
  const met = new Set(types)
  // A set may grow while it is walked: nested classes are met in turn.
  for (const type of met)
    for (const shape of fieldsOf(type).values())
      try {
        const nested = classOf(elementOf(shape))
        if (nested) met.add(nested)
      } catch (error) {
        if (!(error instanceof FieldDefinitionError)) throw error
        problems.push(error.message)
      }
  return problems
}
