// What the steps so far tell a party of the ends of its connections, beside what it has closed itself.
import { type Act, peerOn } from './acts.ts';
import type { Channel } from './channels.ts';
import type { Actor } from './scope.ts';

/** Notes what a step of a party means for it and for its peer. What a party does in a branch nobody knows. */
export function noteEnd(
  { channels }: { readonly channels: readonly Pick<Channel, 'from' | 'to'>[] },
  actors: ReadonlyMap<string, Pick<Actor, 'lost' | 'drained'>>,
  { party, instruction }: Pick<Act, 'party' | 'instruction'>,
): void {
  if (instruction.op === 'close' && instruction.how === 'reset') {
    const ends = channels[instruction.channel];
    if (ends !== undefined) actors.get(peerOn(ends, party))?.lost.add(instruction.channel);
  }
  if (instruction.op !== 'expect') return;
  const { pattern, channel } = instruction;
  if (pattern.kind === 'end' || pattern.kind === 'reset')
    actors.get(party)?.drained.set(channel, pattern.kind);
  if (pattern.kind === 'reset') actors.get(party)?.lost.add(channel);
}
