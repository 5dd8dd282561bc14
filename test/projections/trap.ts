import { subscribe } from 'node:diagnostics_channel'
import type { BuildProgress, StepDiagnostic } from '@hindcast/core'
import { Client } from 'pg'
import type { TrapAt } from './operator-order.js'

/** Calls once, at the place. */
export function setTrap(at: TrapAt, spring: () => void): void {
  let left = 'step' in at ? at.time : 1
  const met = (): void => void (--left === 0 && spring())
  if ('statements' in at) return watchStatements(at, met)
  subscribe('hindcast:projections:step', message => {
    if ('step' in at && (message as StepDiagnostic).step === at.step) met()
  })
  subscribe('hindcast:projections:build-progress', message => {
    if ('phase' in at && (message as BuildProgress).phase === at.phase) met()
  })
}

/** Watches what goes over the connections of this process. */
function watchStatements(
  { statements, when }: Extract<TrapAt, { readonly statements: readonly string[] }>,
  met: () => void,
): void {
  const passed = new WeakMap<Client, number>()
  const query = Reflect.get(Client.prototype, 'query') as (this: Client, ...args: unknown[]) => unknown
  Client.prototype.query = function (this: Client, ...args: unknown[]): never {
    const [first] = args as [{ readonly text?: string } | string]
    const text = (typeof first === 'string' ? first : (first.text ?? '')).trimStart()
    const next = passed.get(this) ?? 0
    const isNext = next < statements.length && text.startsWith(statements[next]!)
    if (isNext) passed.set(this, next + 1)
    const isLast = isNext && next + 1 === statements.length
    const callback = args.at(-1)
    if (isLast && when === 'answered') {
      if (typeof callback !== 'function') throw new Error(`nobody hears the answer to ${text}`)
      args[args.length - 1] = (...answer: unknown[]): void => {
        met()
        ;(callback as (...given: unknown[]) => void)(...answer)
      }
    }
    const answer = query.apply(this, args)
    if (isLast && when === 'sent') met()
    return answer as never
  } as typeof Client.prototype.query
}
