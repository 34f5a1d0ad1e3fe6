/** The name of a censor that is given none: what merging files and resolving must agree on. */
export const derivedCensorName = (on: string): string => `censor-${on}`;
