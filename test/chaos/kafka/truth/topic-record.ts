/** A record as a consumer saw it, with what its batch says of its producer. */
export interface TopicRecord {
  readonly offset: bigint
  /** Where its batch begins. */
  readonly batch: bigint
  readonly producerId: bigint
  readonly headers: Readonly<Record<string, string>>
}
