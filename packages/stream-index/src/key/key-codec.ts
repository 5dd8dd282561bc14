/** How the keys of a table become bytes, straight in lmdb's own memory: a Buffer a key would cost more than the look-up. */
export interface KeyCodec<K> {
  /** Writes a key. @returns where it ends */
  writeKey(key: K, target: Buffer, start: number): number
  readKey(source: Buffer, start: number, end: number): K
}
