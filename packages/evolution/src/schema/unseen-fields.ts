import type { JsonSchema } from './json-schema.js'

/**
 * The fields of a schema that no rule and no `@Field` says anything about, as paths: a change of them is not seen. Of nested
 * classes, those that show without making one.
 */
export function unseenFields(schema: JsonSchema, path = ''): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([field, own]) => {
    const at = path === '' ? field : `${path}.${field}`
    return Object.keys(own).length === 0
      ? [at]
      : [...unseenFields(own, at), ...unseenFields(own.items ?? {}, `${at}[]`)]
  })
}
