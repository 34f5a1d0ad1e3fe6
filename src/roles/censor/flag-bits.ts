import { invariant } from '../../base/invariant.ts';
import { tcpFlagBit } from '../../wire/tcp.ts';

/** Bits of TCP flags by their names. */
export function flagBits(names: readonly string[]): number {
  let bits = 0;
  for (const name of names) {
    const bit = tcpFlagBit(name);
    invariant(bit !== undefined, `the resolver lets through only TCP flags, not "${name}"`);
    bits |= bit;
  }
  return bits;
}
