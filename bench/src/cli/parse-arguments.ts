import { nearest } from './nearest.js'
import { OPTIONS, type OptionName, type Options, type OptionSpec } from './options.js'
import { UsageError } from './usage-error.js'

/** The command line, read: which suite, which options were given. */
export interface ParsedArguments {
  readonly suite: string | undefined
  readonly given: ReadonlySet<OptionName>
  readonly options: Options
}

/** @throws UsageError for an unknown flag, with the nearest known one; for a value that is missing or no good. */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  let suite: string | undefined
  const given = new Map<OptionName, unknown>()
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (!word.startsWith('-')) {
      if (suite !== undefined)
        throw new UsageError(`"${word}" is one word too many: the suite is "${suite}" already`)
      suite = word
      continue
    }
    const [flag, inline] = splitOnce(word)
    const name = optionName(flag)
    const spec = OPTIONS[name] as OptionSpec<unknown>
    let text = inline
    if (spec.value === undefined) {
      if (inline !== undefined) throw new UsageError(`${flag} is a switch, it takes no value`)
    } else text ??= argv[++i]
    if (spec.value !== undefined && (text === undefined || text.startsWith('--')))
      throw new UsageError(`${flag} needs a value: ${flag} <${spec.value}>`)
    given.set(name, spec.read(text ?? '', flag))
  }
  const initial = Object.entries(OPTIONS).map(([name, spec]) => [name, spec.initial])
  const options = { ...Object.fromEntries(initial), ...Object.fromEntries(given) } as Options
  return { suite, given: new Set(given.keys()), options }
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

function optionName(flag: string): OptionName {
  const names = Object.keys(OPTIONS) as OptionName[]
  const found = names.find(name => flag === `--${name}`) ?? (flag === '-h' ? 'help' : undefined)
  if (found) return found
  const close = nearest(flag.replace(/^-+/, ''), names)
  throw new UsageError(
    `unknown flag ${flag}${close ? `; did you mean --${close}?` : ''} (there are ${names.map(n => `--${n}`).join(', ')})`,
  )
}
