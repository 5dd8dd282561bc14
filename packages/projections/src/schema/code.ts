import { createHash } from 'node:crypto'
import { messageInfo, type ProjectionDefinition } from '@hindcast/core'
import { shapeOf } from './shape.js'

/**
 * Names the code that folds: the tables, the events, and the text of the class. A build that other code has begun is begun
 * anew; what functions outside of the class do is not seen.
 */
export function codeOf(projection: ProjectionDefinition): string {
  const events = projection.events.map(event => {
    const info = messageInfo(event)
    return info ? `${info.name}@${info.version}` : event.name
  })
  const text = JSON.stringify([
    projection.kind,
    shapeOf(projection),
    events.toSorted(),
    String(projection.type),
  ])
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
