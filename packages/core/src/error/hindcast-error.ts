const BRAND = Symbol.for('@hindcast/core/HindcastError')

/** The values an error speaks of, by name. Bigints and dates are given as strings where they must survive JSON. */
export interface ErrorContext {
  /** A value by its name. */
  readonly [key: string]: string | number | bigint | boolean | null | undefined | readonly string[]
}

/** What an error may carry besides its message: its cause, and whether the same call may succeed when repeated. */
export interface HindcastErrorOptions extends ErrorOptions {
  /** Whether the same call may succeed when repeated. Default false. */
  readonly retryable?: boolean
}

/**
 * The base of every error that Hindcast throws.
 *
 * Guarantee: `code` is stable and never reused for another meaning; `context` holds the values that the message names;
 * `instanceof` works across copies of this package. docs/reference/errors.md lists every code.
 */
export abstract class HindcastError<Code extends string = string> extends Error {
  /** The stable identifier. */
  readonly code: Code
  /** True when the same call may succeed if it is repeated without a change by the caller. Default false. */
  readonly retryable: boolean
  /** The values that the message names. */
  readonly context: ErrorContext

  protected constructor(
    code: Code,
    message: string,
    context: ErrorContext = {},
    options: HindcastErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.context = context
    this.retryable = options.retryable ?? false
  }

  /** @internal */
  get [BRAND](): true {
    return true
  }

  /** Recognises errors of any copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this === HindcastError) return typeof value === 'object' && value !== null && BRAND in value
    return Function.prototype[Symbol.hasInstance].call(this, value)
  }
}
