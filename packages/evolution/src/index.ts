export type { Compatibility } from './schema/compatibility.js'
export { SchemaLockError } from './schema/errors.js'
