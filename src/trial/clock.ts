/**
 * Microseconds since the epoch, as events and captures count; fractions are cut. Node's clock of microseconds does not follow
 * what NTP corrects after its start, the one of milliseconds does: the former tells where in the latter's millisecond it is.
 */
export const now = (): number => {
  const millisecond = Date.now() * 1000;
  const guess = Math.floor((performance.timeOrigin + performance.now()) * 1000);
  return Math.min(Math.max(guess, millisecond), millisecond + 999);
};
