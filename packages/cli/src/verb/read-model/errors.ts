import { HindcastError } from '@hindcast/core'

/** The app of the config file keeps its read models in memory: there is nothing that another process could look at. */
export class NoReadModelsError extends HindcastError<'HC_NO_READ_MODELS'> {
  override readonly name = 'NoReadModelsError'
  constructor() {
    super(
      'HC_NO_READ_MODELS',
      "the config file names no read models, so the app's are in its memory and end with it. Name some: readModels: postgres(url) or pglite('./data/views')",
    )
  }
}
