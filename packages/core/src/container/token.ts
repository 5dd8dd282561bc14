import type { Newable } from '../message/message.js'

declare const SERVICE: unique symbol

/** Names a service and remembers its type: `const RATES = token<Rates>('rates')`. Bind it in an inversify module. */
export type Token<T> = symbol & { readonly [SERVICE]?: T }

/** What can be injected: a token, or a class. */
export type Injectable = Newable | Token<unknown>

/** The services that a list of injectables stands for. */
export type ServicesOf<S extends readonly unknown[]> = {
  [I in keyof S]: S[I] extends Newable<infer T> ? T : S[I] extends Token<infer T> ? T : never
}

/** Makes a token. Two tokens of one name are the same, so that modules can be loaded twice. */
export function token<T>(name: string): Token<T> {
  return Symbol.for(`hindcast:token:${name}`)
}
