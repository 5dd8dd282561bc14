import { OperationsUnsupportedError } from './errors.js'
import type { ReadModelOperations } from './operations.js'

async function refuse(): Promise<never> {
  throw new OperationsUnsupportedError()
}

/** Read models in memory are folded anew at every start: there is nothing to rebuild, keep or copy. */
export const noOperations: ReadModelOperations = {
  rebuild: refuse,
  copy: refuse,
  rollback: refuse,
  release: refuse,
  versions: refuse,
}
