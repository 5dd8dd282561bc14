import { build, type BuildFailure } from 'esbuild'
import type { HindcastConfig } from './define-config.js'
import { ConfigInvalidError } from './errors.js'
import { importText } from './import-text.js'

/**
 * Loads a config file without a build step: what it imports by a relative path is compiled with it (legacy decorators,
 * whatever the project's own tsconfig says), packages are imported as they are. Relative paths in the app, such as
 * `lmdb('./data/log')`, are those of the process, as in the app itself. Nothing is written.
 *
 * @throws ConfigInvalidError
 */
export async function loadConfig(file: string): Promise<HindcastConfig> {
  const text = await compiled(file)
  try {
    return exported(file, await importText(file, text))
  } catch (error) {
    if (error instanceof ConfigInvalidError) throw error
    throw new ConfigInvalidError(file, `it throws ${described(error)}`, error)
  }
}

async function compiled(file: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      format: 'esm',
      write: false,
      sourcemap: 'inline',
      logLevel: 'silent',
      tsconfigRaw: {
        compilerOptions: { experimentalDecorators: true, useDefineForClassFields: true, target: 'es2022' },
      },
    })
    return outputFiles[0]!.text
  } catch (error) {
    throw new ConfigInvalidError(file, `it does not compile:\n${compileErrors(error)}`, error)
  }
}

function exported(file: string, { default: config }: { readonly default?: unknown }): HindcastConfig {
  if (typeof config !== 'object' || config === null)
    throw new ConfigInvalidError(file, 'it has no default export; write export default defineConfig({ … })')
  if (!Array.isArray((config as { readonly aggregates?: unknown }).aggregates))
    throw new ConfigInvalidError(file, 'its default export has no aggregates: […], which every app has')
  return config as HindcastConfig
}

function compileErrors(error: unknown): string {
  const { errors = [] } = error as Partial<BuildFailure>
  if (errors.length === 0) return `  ${described(error)}`
  return errors
    .map(({ text, location }) => `  ${location ? `${location.file}:${location.line}: ` : ''}${text}`)
    .join('\n')
}

function described(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
