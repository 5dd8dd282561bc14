import { WireReader, WireWriter } from '../protocol/wire.js'

/*
 * What members of a consumer group tell each other, in the format of Kafka's own consumers, so that kafka-consumer-groups.sh
 * shows who has which partition. @see KIP-429 for the owned partitions in a subscription
 */

const SUBSCRIPTION = 1
const ASSIGNMENT = 0

/** Says which topic a member wants, and which partitions it works on now. */
export function encodeSubscription(topic: string, owned: readonly number[]): Buffer {
  const writer = new WireWriter().int16(SUBSCRIPTION).int32(1).string(topic).int32(-1)
  return Buffer.concat(places(writer, topic, owned).end())
}

/** The partitions that a member works on, from its subscription. */
export function decodeOwned(subscription: Buffer): readonly number[] {
  const reader = new WireReader(subscription)
  const version = reader.int16()
  reader.array(() => reader.string())
  reader.bytes()
  return version < SUBSCRIPTION ? [] : readPlaces(reader)
}

/** Says which partitions a member gets. */
export function encodeAssignment(topic: string, partitions: readonly number[]): Buffer {
  const writer = new WireWriter().int16(ASSIGNMENT)
  return Buffer.concat(places(writer, topic, partitions).int32(-1).end())
}

/** The partitions that a member gets; none when the assignment is empty. */
export function decodeAssignment(assignment: Buffer): readonly number[] {
  if (assignment.length === 0) return []
  const reader = new WireReader(assignment)
  reader.int16()
  return readPlaces(reader)
}

function places(writer: WireWriter, topic: string, partitions: readonly number[]): WireWriter {
  writer.int32(1).string(topic).int32(partitions.length)
  for (const partition of partitions) writer.int32(partition)
  return writer
}

function readPlaces(reader: WireReader): number[] {
  return reader
    .array(() => {
      reader.string()
      return reader.array(() => reader.int32())
    })
    .flat()
}
