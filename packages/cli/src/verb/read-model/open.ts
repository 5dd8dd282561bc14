import { openReadModels, type OpenedReadModels } from '@hindcast/core'
import type { HindcastConfig } from '../../config/define-config.js'
import { NoLogError } from '../log/errors.js'
import { NoReadModelsError } from './errors.js'

/**
 * Opens the app's log for reading and its read models for looking and asking, beside the running app.
 *
 * @throws NoLogError, NoReadModelsError when the app keeps them in memory; what opening them throws
 */
export async function open(config: HindcastConfig): Promise<OpenedReadModels> {
  if (!config.store) throw new NoLogError()
  if (!config.readModels) throw new NoReadModelsError()
  return openReadModels(config)
}
