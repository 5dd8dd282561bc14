/** Where an aggregate instance keeps what the framework knows of it. A symbol, so that it is no part of its state. @internal */
export const CONTEXT: unique symbol = Symbol('hindcast:aggregate-context')
