import { clockMicros } from '../../kernel/waiter.ts';

/** Microseconds since the epoch, on the clock that packets are stamped with, whatever NTP does to it meanwhile. */
export const nowMicros = (): number => Math.floor(clockMicros());
