import type { NewEvent } from './event-store.js'

/**
 * A new event whose payload the catalog has written, so that nobody needs to parse the text to know that it is JSON. It is
 * recognised by a private field: no other object can pass for one, nor can this one with another text.
 *
 * @internal
 */
export class WrittenEvent implements NewEvent {
  readonly #text: string

  constructor(
    readonly id: string,
    readonly type: string,
    readonly schemaVersion: number,
    readonly data: string,
  ) {
    this.#text = data
  }

  /** True when the data of an event is known to be the text of a JSON object. */
  static isWhole(event: NewEvent): boolean {
    return #text in event && event.#text === event.data
  }
}
