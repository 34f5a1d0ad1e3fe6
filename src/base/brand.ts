declare const brand: unique symbol;

/** A primitive that only its own parser makes, so that a delay is never passed for a rate. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
