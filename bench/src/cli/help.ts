import { stores } from '../store/stores.js'
import type { Suite } from '../suite/suite.js'
import { COMMON, OPTIONS, type OptionName } from './options.js'

/** What the bench can do, for people. */
export function helpText(suites: readonly Suite[]): string {
  return [
    'npm run bench -- <suite> [flags]',
    '',
    'Suites',
    ...suites.map(suite => `  ${suite.name.padEnd(20)}${suite.about}`),
    `  ${'all'.padEnd(20)}each of them in turn`,
    '',
    'Flags of every suite',
    ...COMMON.map(flagLine),
    '',
    'Flags of some suites',
    ...(Object.keys(OPTIONS) as OptionName[])
      .filter(name => !COMMON.includes(name))
      .map(
        name =>
          `${flagLine(name)} (${suites
            .filter(s => s.options.includes(name))
            .map(s => s.name)
            .join(', ')})`,
      ),
    '',
    `Stores: ${Object.keys(stores).join(', ')}`,
  ].join('\n')
}

function flagLine(name: OptionName): string {
  const { value, about, initial } = OPTIONS[name]
  const left = `--${name}${value === undefined ? '' : ` <${value}>`}`
  const shown = value === undefined || initial === undefined ? '' : `, default ${String(initial)}`
  return `  ${left.padEnd(20)}${about}${shown}`
}
