import type { Traffic } from '../../../model/scenario-file.ts';
import type { RawDefaults } from '../../../model/script.ts';
import type { Act } from './acts.ts';
import type { Channel } from './channels.ts';

/** What a script crafts it crafts alone: where it does, nothing leaves that it does not say. */
export function rawDefaults(
  channels: readonly Pick<Channel, 'mss'>[],
  acts: readonly Act[],
  { ack, retransmit }: NonNullable<Traffic['raw']> = {},
): RawDefaults {
  const isCrafted = acts.some(({ instruction }) => instruction.op === 'craft');
  return {
    ack: ack ?? (isCrafted ? 'piggyback' : 'delayed'),
    retransmit: retransmit ?? !isCrafted,
    mss: Math.min(...channels.map(({ mss }) => mss)),
  };
}
