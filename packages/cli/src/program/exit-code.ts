/**
 * What a process ends with:
 *
 * - 0: it did what it was told
 * - 1: it could not
 * - 2: it was not understood: an unknown verb or option, a bad argument, a config file that is missing or cannot be used
 * - 3: it has looked, to the end, and found what should not be: `verify`, `schema check`, `golden check`, `golden take`, `doctor`
 * - 130: it was told to end before it was done; the same command goes on from there
 */
export const EXIT = { done: 0, failed: 1, misunderstood: 2, problems: 3, interrupted: 130 } as const

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
