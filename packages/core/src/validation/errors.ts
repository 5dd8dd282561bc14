import { HindcastError } from '../error/hindcast-error.js'

/** One rule of class-validator that a message breaks. */
export interface Violation {
  /** Where: `cents`, `lines[2].price`. */
  readonly path: string
  /** The rule's name: `isInt`. */
  readonly rule: string
  /** The rule's message. */
  readonly message: string
}

/** A command or event breaks rules of its class; nothing was written. It lists every violated rule. */
export class ValidationError extends HindcastError<'HC_VALIDATION'> {
  override readonly name = 'ValidationError'
  constructor(
    message: string,
    /** Every violated rule. */
    readonly violations: readonly Violation[],
  ) {
    super(
      'HC_VALIDATION',
      `"${message}" is not valid, nothing was written:\n${violations.map(v => `  - ${v.path}: ${v.message}`).join('\n')}`,
      { message, violations: violations.map(v => `${v.path}: ${v.message}`) },
    )
  }
}
