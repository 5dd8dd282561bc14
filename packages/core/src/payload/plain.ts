type Primitive = string | number | boolean | symbol | null | undefined
type AnyFunction = (...args: never[]) => unknown

/**
 * What `@Field` rebuilds a value of type T from: T itself, or its plain JSON. A Date may be its ISO text, a bigint its
 * decimal text, an instance of a class an object with the same data.
 */
export type Rebuildable<T> = T extends Primitive
  ? T
  : T extends Date
    ? Date | string
    : T extends bigint
      ? bigint | string
      : T extends readonly unknown[]
        ? { readonly [I in keyof T]: Rebuildable<T[I]> }
        : T extends object
          ? T | RebuildableFields<T>
          : T

/** The data of T, without its methods, each field as itself or as its plain JSON. */
export type RebuildableFields<T> = {
  [K in keyof T as K extends symbol ? never : T[K] extends AnyFunction ? never : K]: Rebuildable<T[K]>
}
