export { CodecError, DamagedBatchError } from './record/errors.js'
