import { HindcastError } from '@hindcast/core'

/** There is no config file where it was looked for. */
export class ConfigMissingError extends HindcastError<'HC_CONFIG_MISSING'> {
  override readonly name = 'ConfigMissingError'
  constructor(folder: string, names: readonly string[]) {
    super(
      'HC_CONFIG_MISSING',
      `there is no ${names.join(' or ')} in ${folder}. Make one that exports the app (export default defineConfig({ … })), ` +
        'or name another with --config <file>',
      { folder, names },
    )
  }
}

/** A config file cannot be compiled, fails while it is loaded, or exports no app. */
export class ConfigInvalidError extends HindcastError<'HC_CONFIG_INVALID'> {
  override readonly name = 'ConfigInvalidError'
  constructor(file: string, reason: string, cause?: unknown) {
    super('HC_CONFIG_INVALID', `${file} cannot be used: ${reason}`, { file, reason }, { cause })
  }
}
