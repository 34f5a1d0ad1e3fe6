/** Microseconds since the epoch, as events and captures count; fractions are cut. */
export const now = (): number => Math.floor((performance.timeOrigin + performance.now()) * 1000);
