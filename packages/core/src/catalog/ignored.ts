/** Stands for an event that nobody reads any more (`upcast(…).drop()`): it keeps its place in its stream. */
export class Ignored {
  constructor(
    /** The recorded name. */
    readonly type: string,
    /** The recorded version of its shape. */
    readonly schemaVersion: number,
  ) {}
}
