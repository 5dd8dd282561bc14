import fc from 'fast-check'
import { describe, it } from 'vitest'
import { accepts, schemaOf } from '@hindcast/evolution'
import { anyEvent, eventClass, forgetRules, payloads, type EventSpec } from './random-event.js'
import { read } from './replay.js'

const hasOpaque = (spec: EventSpec): boolean =>
  Object.values(spec).some(field => field.kind === 'email' || ('fields' in field && hasOpaque(field.fields)))
const cases = anyEvent
  .filter(spec => !hasOpaque(spec))
  .chain(spec => fc.tuple(fc.constant(spec), payloads(spec, 3)))

describe('the schema of an event', () => {
  it('accepts exactly what its reader and its rules let through', () => {
    let accepted = 0
    let refused = 0
    fc.assert(
      fc.property(cases, ([spec, payload]) => {
        forgetRules()
        const event = eventClass(spec)
        const problem = read(event, payload)
        const isAccepted = accepts(schemaOf(event), payload)
        if (isAccepted) accepted++
        else refused++
        if (isAccepted !== (problem === undefined))
          throw new Error(
            `schema ${isAccepted ? 'accepts' : 'refuses'}, code says ${problem ?? 'yes'}: ${JSON.stringify(schemaOf(event))}`,
          )
      }),
      { numRuns: 1500 },
    )
    if (accepted < 150 || refused < 150)
      throw new Error(`too one-sided: ${accepted} accepted, ${refused} refused`)
  })
})
