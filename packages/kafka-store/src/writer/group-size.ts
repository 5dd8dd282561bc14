const USUAL_BYTES = 524_288
const SMALLEST_BYTES = 16_384

/** How large a batch of several appends may become, which a broker with a small `max.message.bytes` teaches. */
export class GroupSize {
  private bytes = USUAL_BYTES

  get maxBytes(): number {
    return this.bytes
  }

  /**
   * Takes note that a batch of so many bytes was too large. At the smallest size each append goes alone, so that only those
   * are refused that are too large themselves.
   */
  refused(bytes: number): void {
    this.bytes = bytes <= SMALLEST_BYTES ? 0 : Math.max(SMALLEST_BYTES, Math.floor(bytes / 2))
  }
}
