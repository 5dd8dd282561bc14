import type { StartOptions } from '@hindcast/core'

/** What `hindcast.config.ts` exports: the app, as `Hindcast.start` takes it. */
export type HindcastConfig = StartOptions

/** Says what the app of this folder is: `export default defineConfig({ store, aggregates, … })`. Gives back what it is given. */
export function defineConfig(config: HindcastConfig): HindcastConfig {
  return config
}
