import type { DecodedEvent } from '../../catalog/event-catalog.js'
import type { RowProjectionDefinition } from '../definition/definition.js'
import { keysOfEvent } from './fold-plan.js'
import type { AheadWork, Folding } from './folding.js'
import type { RowCache } from './row-cache.js'
import { rowCodec, type RowCodec } from '../row/row-codec.js'
import type { RowSharing } from './row-sharing.js'
import { RowWork } from './row-work.js'

const MOST_EVENTS = 10_000
/** What was decoded is forgotten so soon: keeping all of it takes as long again as the folding. */
const PART_EVENTS = 500

/** Folds rows. */
export class RowFolding implements Folding {
  readonly foldsByStreamKey: boolean
  readonly mostEvents: number = MOST_EVENTS
  readonly partEvents: number
  readonly #projection: RowProjectionDefinition
  readonly #sharing: RowSharing
  readonly #codec: RowCodec

  constructor(projection: RowProjectionDefinition, sharing: RowSharing) {
    this.#projection = projection
    this.#sharing = sharing
    this.#codec = rowCodec(projection.row)
    this.partEvents = sharing.kind === 'shared' ? MOST_EVENTS : PART_EVENTS
    this.foldsByStreamKey = [...projection.folds.values()].some(fold => !fold.key)
  }

  concerns(event: object): boolean {
    return this.#projection.folds.has(Object.getPrototypeOf(event) as object)
  }

  keysOf({ event, meta }: DecodedEvent): readonly string[] {
    return keysOfEvent(this.#projection, this.#sharing, event, meta)
  }

  get ahead(): ((cache: RowCache) => AheadWork) | undefined {
    return this.#sharing.kind === 'shared' ? undefined : cache => this.begin(cache)
  }

  begin(cache?: RowCache): AheadWork {
    const sharing = this.#sharing
    return new RowWork(this.#projection, this.#codec, sharing, sharing.kind === 'shared' ? undefined : cache)
  }
}
