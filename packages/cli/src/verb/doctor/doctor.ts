import type { Finding, Inspectable, Verdict } from '@hindcast/core'
import picocolors from 'picocolors'
import type { HindcastConfig } from '../../config/define-config.js'
import type { VerbContext } from '../verb.js'
import { inspectMachine } from './inspect-machine.js'

/** What was found, and where. */
export interface PlacedFinding extends Finding {
  /** Which part of the app it is about. */
  readonly part: string
}

/** Looks at everything that the promises of the app depend on, tells it, and gives what is not right. Changes nothing. */
export async function doctor({ config, output }: VerbContext): Promise<readonly PlacedFinding[]> {
  const findings = await inspectApp(config)
  output.results(findings, () => findingsText(findings))
  return findings.filter(({ verdict }) => verdict !== 'right')
}

/** Looks at the machine, the log, the logs of the sources and the read models of an app. */
export async function inspectApp(config: HindcastConfig): Promise<readonly PlacedFinding[]> {
  const { store, readModels, sources = [] } = config
  const parts: readonly (readonly [part: string, findings: Promise<readonly Finding[]>])[] = [
    ['machine', inspectMachine()],
    [
      'log',
      inspect(store, "in memory, ends with the process; name a store: lmdb('./data/log') or kafka({ … })"),
    ],
    ...sources.map((source, index) => [`source ${index + 1}`, inspect(source.store, 'not given')] as const),
    [
      'read models',
      inspect(
        readModels,
        "in memory, folded anew at every start; name some: readModels: postgres(url) or pglite('./data/views')",
      ),
    ],
  ]
  const found = parts.map(async ([part, findings]) => (await findings).map(each => ({ part, ...each })))
  return (await Promise.all(found)).flat()
}

/** What was found as text for people: everything, and of what is not right what to do. */
export function findingsText(findings: readonly PlacedFinding[]): string {
  const lines: string[] = []
  let part: string | undefined
  for (const finding of findings) {
    if (finding.part !== part) lines.push(...(part === undefined ? [] : ['']), picocolors.bold(finding.part))
    part = finding.part
    const { mark, color } = SHOWN[finding.verdict]
    lines.push(`  ${color(mark)} ${finding.subject}: ${finding.value}`)
    if (finding.fix !== undefined) lines.push(`            ${finding.fix}`)
  }
  const counts = (['wrong', 'doubtful', 'unknown', 'right'] as const).map(
    verdict => `${findings.filter(finding => finding.verdict === verdict).length} ${verdict}`,
  )
  return [...lines, '', counts.join(', ')].join('\n')
}

const SHOWN: Readonly<Record<Verdict, { readonly mark: string; readonly color: (text: string) => string }>> =
  {
    right: { mark: 'right   ', color: picocolors.green },
    doubtful: { mark: 'doubtful', color: picocolors.yellow },
    wrong: { mark: 'wrong   ', color: picocolors.red },
    unknown: { mark: 'unknown ', color: picocolors.cyan },
  }

async function inspect(part: Inspectable | undefined, whereNone: string): Promise<readonly Finding[]> {
  if (!part) return [{ subject: 'kept', value: 'in memory', verdict: 'doubtful', fix: whereNone }]
  if (part.inspect) return part.inspect()
  return [
    {
      ...{ subject: 'kept', value: 'by code that cannot look at itself', verdict: 'unknown' },
      fix: 'a factory of your own can have a method inspect()',
    },
  ]
}
