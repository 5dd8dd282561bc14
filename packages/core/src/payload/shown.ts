const MAX_SHOWN = 60

/** A value as an error message names it: short, and never a failure of its own. @internal */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value)
    case 'bigint':
      return `${cut(String(value))}n`
    case 'function':
      return value.name === '' ? 'a function' : `the function ${cut(value.name)}`
    case 'object':
      return value === null ? 'null' : shownObject(value)
    default:
      return Object.is(value, -0) ? '-0' : cut(String(value))
  }
}

/** The path to a value as a user would write it: `items[2].price`. @internal */
export function shownPath(path: readonly (string | number)[]): string {
  let text = ''
  for (const step of path)
    if (typeof step === 'number') text += `[${step}]`
    else if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)) text += `[${shown(step)}]`
    else text += text === '' ? step : `.${step}`
  return text
}

function shownObject(value: object): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null || prototype === Object.prototype) return 'a plain object'
  if (prototype === Date.prototype) {
    const time = (value as Date).getTime()
    return Number.isNaN(time) ? 'an invalid Date' : `the Date ${(value as Date).toISOString()}`
  }
  return `an instance of ${classNameOf(value) ?? 'a class without a name'}`
}

/** The name of an object's class, where it has one. @internal */
export function classNameOf(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null
  const type = prototype?.constructor
  return typeof type === 'function' && type.name !== '' ? cut(type.name) : undefined
}

function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
