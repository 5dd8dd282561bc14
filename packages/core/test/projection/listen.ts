import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** What is published on a channel while a test runs. */
export function listen(
  name: string,
  then: () => void = () => undefined,
): { readonly messages: Record<string, unknown>[]; [Symbol.dispose](): void } {
  const messages: Record<string, unknown>[] = []
  const listener = (message: unknown): void => {
    messages.push(message as Record<string, unknown>)
    then()
  }
  subscribe(name, listener)
  return { messages, [Symbol.dispose]: () => void unsubscribe(name, listener) }
}
