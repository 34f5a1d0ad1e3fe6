// Kleene's three values. Their order is the logic: `all` is the least of its parts, `any` the greatest.

export const FALSE = 0;
/** Of a condition over what a packet does not have. */
export const UNKNOWN = 1;
export const TRUE = 2;
export type Truth = typeof FALSE | typeof UNKNOWN | typeof TRUE;

export const truthOf = (holds: boolean): Truth => (holds ? TRUE : FALSE);

export function negate(truth: Truth): Truth {
  if (truth === UNKNOWN) return UNKNOWN;
  return truth === TRUE ? FALSE : TRUE;
}
