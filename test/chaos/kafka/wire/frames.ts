/** Cuts a stream of bytes into the frames of Kafka's protocol: each begins with its length. */
export class Frames {
  private rest: Buffer = Buffer.alloc(0)

  /** The frames that are whole now, their length in front. */
  take(chunk: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    const frames: Buffer[] = []
    let at = 0
    while (this.rest.length - at >= 4) {
      const end = at + 4 + this.rest.readInt32BE(at)
      if (end > this.rest.length) break
      frames.push(this.rest.subarray(at, end))
      at = end
    }
    this.rest = this.rest.subarray(at)
    return frames
  }
}
