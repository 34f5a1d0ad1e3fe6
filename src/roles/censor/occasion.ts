import type { Effects } from '../../model/middlebox.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { Message } from './inspect/message.ts';
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

/** What a rule is asked about: a packet, and one message that it completed; null asks about the packet alone. */
export interface Look extends Pick<Occasion, 'flow' | 'view' | 'isForward' | 'now'> {
  readonly message: Message | null;
}
