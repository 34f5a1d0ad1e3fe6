import type { Effects } from '../../model/middlebox.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { Flow } from './state/flow.ts';

/** One packet of one flow, and where its consequences go. */
export interface Occasion {
  readonly flow: Flow;
  readonly view: PacketView;
  readonly isForward: boolean;
  /** Microseconds since the epoch. */
  readonly now: number;
  readonly effects: Effects;
}
