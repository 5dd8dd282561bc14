import type { StartOptions } from '@hindcast/core'
import type { GoldenOptions, SchemaOptions } from '@hindcast/evolution'

/** What `hindcast.config.ts` exports: the app, as `Hindcast.start` takes it, and how tools treat it. */
export interface HindcastConfig extends StartOptions {
  /** How the schemas of its events are guarded. Default: backward, in `hindcast.schema.json`. */
  readonly schema?: SchemaOptions
  /** How golden events are taken. Default: whole, into the folder `golden`. */
  readonly golden?: GoldenOptions
}

/** Says what the app of this folder is: `export default defineConfig({ store, aggregates, … })`. Gives back what it is given. */
export function defineConfig(config: HindcastConfig): HindcastConfig {
  return config
}
