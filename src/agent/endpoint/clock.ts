/** Microseconds since the epoch, on the clock that packets are stamped with. */
export const nowMicros = (): number =>
  Math.round((performance.timeOrigin + performance.now()) * 1000);
