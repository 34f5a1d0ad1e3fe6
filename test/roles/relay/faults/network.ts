// A session over raw bytes whose network has faults.
import type { FaultKind, RelayFault } from '../../../../src/model/relay.ts';
import { Play, type PlayOptions, RAW } from '../playbook.ts';

export const fault = (kind: FaultKind): RelayFault => ({
  name: kind.kind,
  direction: 'upstream',
  probability: 1,
  enabled: true,
  ...kind,
});

export const network = (faults: readonly RelayFault[], options: PlayOptions = {}): Play =>
  new Play({ protocol: RAW, faults }, options);

/** So many different bytes. */
export const noise = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => (index * 7) & 0xff);

export const sizesTo = (play: Play, leg: 'client' | 'server'): readonly number[] =>
  play.writesTo(leg).map(({ bytes }) => bytes.length);
