import { MessageDefinitionError } from './errors.js'

declare const NAME: unique symbol
declare const RESULT: unique symbol
declare const KIND: unique symbol

/** A class, also an abstract one, of which only the instances matter. */
export type Newable<T = object> = abstract new (...args: never[]) => T

type AnyFunction = (...args: never[]) => unknown

/** The data of a message: its properties without its methods. */
export type Fields<T> = {
  [K in keyof T as K extends symbol ? never : T[K] extends AnyFunction ? never : K]: T[K]
}

/** The arguments that make a message: its data, which may be left out where every field is optional. */
export type DataOf<T> = {} extends Fields<T> ? [data?: Fields<T>] : [data: Fields<T>]

/** What makes a class an event to the compiler: its persisted name. Events of equal shape are different types. */
export interface EventOf<Name extends string> {
  /** For the compiler only. */
  readonly [KIND]: 'event'
  /** For the compiler only. */
  readonly [NAME]: Name
}

/** What makes a class a command to the compiler: its persisted name and the type of its result. */
export interface CommandOf<Name extends string, Result> {
  /** For the compiler only. */
  readonly [KIND]: 'command'
  /** For the compiler only. */
  readonly [NAME]: Name
  /** For the compiler only. */
  readonly [RESULT]: Result
}

/** Any event. */
export type AnyEvent = EventOf<string>
/** Any command. */
export type AnyCommand = CommandOf<string, unknown>
/** The result of a command. */
export type ResultOf<C> = C extends CommandOf<string, infer R> ? R : never

/** The static side of every message class. */
export interface MessageFactory {
  /** Makes the message from its data, whole and with the right types; its fields' initial values fill what is left out. */
  of<T extends object>(this: new () => T, ...data: DataOf<T>): T
}

/** Settings of an event. */
export interface EventOptions {
  /** The version of its shape, raised with every change; upcasters bring older ones here. Default 1. */
  readonly version?: number
  /** Names it had before: events recorded under them are read as this one. Default none. */
  readonly formerly?: readonly string[]
}

/** What a message class says about itself. */
export interface MessageInfo {
  /** Event or command. */
  readonly kind: 'event' | 'command'
  readonly name: string
  /** The version of an event's shape; 1 for a command. */
  readonly version: number
  /** Names it had before. */
  readonly formerly: readonly string[]
}

const INFO = Symbol.for('@hindcast/core/message')
const NAME_SHAPE = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/
const MAX_NAME_LENGTH = 100

/**
 * The base class of an event: `class Deposited extends Event('account.deposited') { … }`. The name is stored in the log
 * and brands the type. Its class-validator rules are its schema, checked when it is emitted.
 *
 * @throws MessageDefinitionError when the name is not small words joined by dots, or the version not 1 or more.
 */
export function Event<const Name extends string>(
  name: Name,
  options: EventOptions = {},
): MessageFactory & (new () => EventOf<Name>) {
  const version = options.version ?? 1
  if (!Number.isSafeInteger(version) || version < 1)
    throw new MessageDefinitionError(name, `its version ${version} is not a whole number of 1 or more`)
  const formerly = options.formerly ?? []
  for (const old of formerly) checkName(old)
  return messageBase({ kind: 'event', name, version, formerly }) as never
}

/**
 * The base class of a command: `class Deposit extends Command('account.deposit')<Balance> { … }`; the type argument is the
 * type of its result, `void` by default. Its class-validator rules are checked before it is handled.
 *
 * @throws MessageDefinitionError when the name is not small words joined by dots.
 */
export function Command<const Name extends string>(
  name: Name,
): MessageFactory & (new <Result = void>() => CommandOf<Name, Result>) {
  return messageBase({ kind: 'command', name, version: 1, formerly: [] }) as never
}

/** What a message class or instance says about itself; undefined when it is no message. */
export function messageInfo(type: unknown): MessageInfo | undefined {
  const carrier =
    typeof type === 'object' && type !== null
      ? (Object.getPrototypeOf(type) as { constructor?: unknown } | null)?.constructor
      : type
  return (carrier as { [INFO]?: MessageInfo } | undefined)?.[INFO]
}

function messageBase(info: MessageInfo): object {
  checkName(info.name)
  return class {
    static readonly [INFO]: MessageInfo = info
    static of(this: new () => object, data?: object): object {
      return assignData(new this(), data)
    }
  }
}

/** Copies own enumerable properties; a key "__proto__" stays data and never becomes a prototype. */
function assignData(target: object, data: object | undefined): object {
  if (data === undefined) return target
  // Unlike Object.keys, this makes no list.
  for (const key in data)
    if (Object.hasOwn(data, key)) setField(target, key, (data as Record<string, unknown>)[key])
  return target
}

/** Sets a property of data, safe against the one key that assignment treats as a prototype. */
export function setField(target: object, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  else (target as Record<string, unknown>)[key] = value
}

function checkName(name: string): void {
  if (typeof name !== 'string' || !NAME_SHAPE.test(name) || name.length > MAX_NAME_LENGTH)
    throw new MessageDefinitionError(
      String(name),
      `a name is small letters, digits and _ in words joined by dots, at most ${MAX_NAME_LENGTH} characters, like "account.deposited"`,
    )
}
