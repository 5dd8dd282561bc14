import { READ_MODELS, type ReadModelsName } from '../tail/read-models.js'
import { UsageError } from './usage-error.js'

/** Everything that can be set on the command line, apart from the suite. */
export interface Options {
  readonly store: string
  /** Only JSON lines on standard output. */
  readonly json: boolean
  readonly help: boolean
  /** Where the results are written as a file; `undefined` for bench/results. */
  readonly results: string | undefined
  /** How often ours and the raw library take turns. */
  readonly rounds: number
  /** How many commands a turn has, where it is counted in commands. */
  readonly commands: number
  /** How long a turn takes, where it is a matter of time. */
  readonly seconds: number
  /** How many streams the log holds before the measuring begins, ascending. */
  readonly streams: readonly number[]
  /** How many commands are under way at a time. */
  readonly concurrency: readonly number[]
  /** How many events the streams to load have. */
  readonly events: readonly number[]
  /** How many processes write. */
  readonly processes: readonly number[]
  /** How many copies of each event a store with servers keeps, on as many servers. */
  readonly replicas: readonly number[]
  /** How many commands are sent a second, where they come at a steady rate. */
  readonly rate: number
  /** Where the read models are. */
  readonly 'read-models': readonly ReadModelsName[]
  /** How many events the log holds that an index is filled from, or that is verified. */
  readonly records: number
  /** How many events the log holds that read models are made from. */
  readonly replayed: number
}

/** The name of an option. */
export type OptionName = keyof Options

/** How one option is written and read. */
export interface OptionSpec<Value> {
  /** What stands for the value in the help; none for a switch. */
  readonly value?: string
  readonly about: string
  readonly initial: Value
  /** @throws UsageError */
  readonly read: (text: string, flag: string) => Value
}

/** Every option, with its default. A suite takes those that it names, and the common ones. */
export const OPTIONS: { readonly [Name in OptionName]: OptionSpec<Options[Name]> } = {
  store: { value: 'name', about: 'the log to measure', initial: 'lmdb', read: text => text },
  json: { about: 'only JSON lines on standard output', initial: false, read: () => true },
  help: { about: 'this text', initial: false, read: () => true },
  results: { value: 'folder', about: 'where the result file goes', initial: undefined, read: text => text },
  rounds: { value: 'n', about: 'turns of ours and the raw library', initial: 5, read: wholeNumber },
  commands: { value: 'n', about: 'commands a turn', initial: 1000, read: wholeNumber },
  seconds: { value: 's', about: 'seconds a turn', initial: 1, read: positiveNumber },
  streams: {
    value: 'n,n',
    about: 'streams in the log, ascending',
    initial: [1000, 100_000, 1_000_000],
    read: ascending,
  },
  concurrency: {
    value: 'n,n',
    about: 'commands under way at a time',
    initial: [1, 64, 1000, 4000],
    read: wholeNumbers,
  },
  events: {
    value: 'n,n',
    about: 'events of a stream to load',
    initial: [10, 1000, 10_000],
    read: wholeNumbers,
  },
  processes: { value: 'n,n', about: 'processes that write', initial: [1, 4], read: wholeNumbers },
  replicas: {
    value: 'n,n',
    about: 'copies of each event (kafka: 1 or 3)',
    initial: [1, 3],
    read: wholeNumbers,
  },
  rate: { value: 'n', about: 'commands a second', initial: 1000, read: positiveNumber },
  'read-models': {
    value: 'name,name',
    about: 'where the read models are: postgres, pglite',
    initial: ['postgres', 'pglite'],
    read: readModels,
  },
  records: {
    value: 'n',
    about: 'events to fill an index from, or to verify',
    initial: 500_000,
    read: wholeNumber,
  },
  replayed: { value: 'n', about: 'events to make read models from', initial: 200_000, read: wholeNumber },
}

/** The options that every suite takes. */
export const COMMON: readonly OptionName[] = ['store', 'json', 'help', 'results', 'rounds', 'replicas']

function positiveNumber(text: string, flag: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new UsageError(`${flag} ${text}: it is a number above 0`)
  return value
}

function wholeNumber(text: string, flag: string): number {
  const value = positiveNumber(text, flag)
  if (!Number.isSafeInteger(value)) throw new UsageError(`${flag} ${text}: it is a whole number above 0`)
  return value
}

function readModels(text: string, flag: string): readonly ReadModelsName[] {
  const isName = (name: string): name is ReadModelsName => Object.hasOwn(READ_MODELS, name)
  return text.split(',').map(name => {
    if (!isName(name))
      throw new UsageError(`${flag} ${text}: there are ${Object.keys(READ_MODELS).join(' and ')}`)
    return name
  })
}

function wholeNumbers(text: string, flag: string): readonly number[] {
  return text.split(',').map(part => wholeNumber(part, flag))
}

function ascending(text: string, flag: string): readonly number[] {
  const values = wholeNumbers(text, flag)
  if (values.some((value, i) => i > 0 && value <= values[i - 1]!))
    throw new UsageError(`${flag} ${text}: the log only grows, so the numbers must too`)
  return values
}
