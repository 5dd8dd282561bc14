/** The command ids that a layer has of a partition, in the order of the log. */
export class LayerCommands {
  readonly ids: string[] = []
  /** Of the first event of each one's append. */
  readonly offsets: number[] = []
  /** The first so many of them; made when one is looked for, which is seldom. */
  private readonly known = new Map<string, number>()

  add(commandId: string, offset: number): void {
    this.ids.push(commandId)
    this.offsets.push(offset)
  }

  /** The offset of the append that has the id. */
  offsetOf(commandId: string): number | undefined {
    for (let i = this.known.size; i < this.ids.length; i++) this.known.set(this.ids[i]!, this.offsets[i]!)
    return this.known.get(commandId)
  }
}
