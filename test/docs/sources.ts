/** An error class as its source declares it. */
export interface ErrorClass {
  readonly name: string
  readonly codes: readonly string[]
  readonly retryable: boolean
}

const CODE = /'(HC_[A-Z0-9_]+)'/g

/** Every code that a source text names. */
export function codesIn(source: string): readonly string[] {
  return Array.from(source.matchAll(CODE), match => match[1]!)
}

/** The error classes of a source text that name a code. */
export function errorClassesIn(source: string): readonly ErrorClass[] {
  return source.split(/^(?=export )/m).flatMap(text => {
    const name = /^export class (\w+Error) extends \w+/.exec(text)?.[1]
    const codes = [...new Set(codesIn(text))]
    return name !== undefined && codes.length > 0
      ? [{ name, codes, retryable: /retryable: true/.test(text) }]
      : []
  })
}

/** The names of an interface's members, in order. @throws Error when there is no such interface */
export function membersOf(source: string, interfaceName: string): readonly string[] {
  const body = new RegExp(`^export interface ${interfaceName}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(
    source,
  )?.[1]
  if (body === undefined) throw new Error(`there is no interface ${interfaceName}`)
  return Array.from(body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm), match => match[1]!)
}
