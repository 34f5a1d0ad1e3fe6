// How probes are numbered. Pure.

/** Every attempt has numbers of its own, so that late frames of one are not taken for those of the next. */
export const NUMBERS_PER_ATTEMPT = 2_000_000;
/** Within an attempt, numbers of burst frames begin here. */
export const BURST_BASE = 1_000_000;

/** The number of an attempt's first probe. */
export const firstNumber = (attempt: number): number => attempt * NUMBERS_PER_ATTEMPT;
