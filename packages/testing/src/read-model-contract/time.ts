/** A turn of the event loop: whatever runs at the same time gets in between. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** A promise and how to resolve it. */
export function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined
  const given = new Promise<void>(resolve => (give = resolve))
  return { given, give: () => give() }
}

/** A signal that is never given. */
export function patience(): AbortSignal {
  return new AbortController().signal
}
