/**
 * How many partitions a member shall hold: as many as every other, give or take one. Who holds most keeps the odd ones, so
 * that as few as possible change hands; all members come to the same answer from the same holdings.
 *
 * @param holdings - how many partitions each member holds now
 */
export function fairShare(holdings: ReadonlyMap<number, number>, partitions: number, member: number): number {
  const order = [...holdings].toSorted(([a, held], [b, other]) => other - held || a - b)
  const place = order.findIndex(([name]) => name === member)
  if (place < 0) return 0
  return Math.floor(partitions / order.length) + (place < partitions % order.length ? 1 : 0)
}
