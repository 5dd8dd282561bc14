import { getMetadataStorage } from 'class-validator'
import type { Newable } from '../message/message.js'
import { classOf, elementOf, fieldsOf } from '../payload/field.js'

/**
 * Whether a class, or one that @Field nests in it, has a rule of class-validator that has to be waited for. What is nested
 * without @Field is a plain object, and has no rules.
 *
 * @internal
 */
export function hasAsyncRule(type: Newable, seen: Set<Newable> = new Set()): boolean {
  if (seen.has(type)) return false
  seen.add(type)
  const storage = getMetadataStorage()
  return (
    storage
      .getTargetValidationMetadatas(type, '', false, false)
      .some(
        ({ constraintCls }) =>
          constraintCls && storage.getTargetValidatorConstraints(constraintCls).some(rule => rule.async),
      ) ||
    [...fieldsOf(type).values()].some(shape => {
      const nested = classOf(elementOf(shape))
      return nested !== undefined && hasAsyncRule(nested, seen)
    })
  )
}
