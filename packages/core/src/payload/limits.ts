/** How deep a payload may be nested: 64. Ends cycles too. @internal */
export const MAX_DEPTH = 64

/** How many objects and lists a payload may hold, one that is shared as often as it is met: more fit in no event. @internal */
export const MAX_STRUCTURES = 1_000_000
