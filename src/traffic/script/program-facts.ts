// What a program will ask of its channels, known before it plays: what nobody asks for need not be kept.
import type { Instruction } from '../../model/script.ts';

export interface ChannelFacts {
  /** Whether bytes or datagrams are read from it. */
  reads: boolean;
  /** Whether it is known what comes. */
  compares: boolean;
  /** Whether packets are read, or awaited, one by one. */
  readsPackets: boolean;
  awaitsSegments: boolean;
}

export interface ProgramFacts {
  channel(channel: number): ChannelFacts;
  /** The place of the last instruction of a body that waits for a RST of the channel, or holds one that does; -1 without. */
  lastReset(body: readonly Instruction[], channel: number): number;
}

const NOTHING: ChannelFacts = {
  reads: false,
  compares: false,
  readsPackets: false,
  awaitsSegments: false,
};

const known = new WeakMap<readonly Instruction[], ProgramFacts>();

/** Worked out once for each program, however often it is played. */
export function factsOf(program: readonly Instruction[]): ProgramFacts {
  const facts = known.get(program) ?? gather(program);
  known.set(program, facts);
  return facts;
}

interface Place {
  readonly body: readonly Instruction[];
  readonly parent: Place | null;
  /** In the parent's body. */
  readonly index: number;
}

function gather(program: readonly Instruction[]): ProgramFacts {
  const channels = new Map<number, ChannelFacts>();
  const resets = new Map<readonly Instruction[], Map<number, number>>();
  const of = (channel: number): ChannelFacts => {
    const facts = channels.get(channel) ?? { ...NOTHING };
    channels.set(channel, facts);
    return facts;
  };
  const noteReset = (place: Place, index: number, channel: number): void => {
    let at = index;
    for (let up: Place | null = place; up; at = up.index, up = up.parent) {
      const last = resets.get(up.body) ?? new Map<number, number>();
      last.set(channel, Math.max(last.get(channel) ?? -1, at));
      resets.set(up.body, last);
    }
  };
  const note = (instruction: Instruction, place: Place, index: number): void => {
    if (instruction.op === 'expect') {
      const { kind } = instruction.pattern;
      if (kind === 'reset') noteReset(place, index, instruction.channel);
      else if (kind === 'packet') of(instruction.channel).readsPackets = true;
      else if (kind !== 'end') of(instruction.channel).reads = true;
    } else if (instruction.op === 'arrive') {
      const { kind } = instruction.what;
      if (kind === 'reset') noteReset(place, index, instruction.channel);
      else if (kind === 'data') of(instruction.channel).compares = true;
      else if (kind === 'segment' && instruction.wait)
        of(instruction.channel).awaitsSegments = true;
    }
  };
  const open: Place[] = [{ body: program, parent: null, index: 0 }];
  for (let place = open.pop(); place; place = open.pop()) {
    const parent = place;
    for (const [index, instruction] of parent.body.entries()) {
      note(instruction, parent, index);
      if (instruction.op === 'branch')
        open.push(
          { body: instruction.yes, parent, index },
          { body: instruction.no, parent, index },
        );
      else if (instruction.op === 'loop') open.push({ body: instruction.body, parent, index });
    }
  }
  return {
    channel: (channel) => channels.get(channel) ?? NOTHING,
    lastReset: (body, channel) => resets.get(body)?.get(channel) ?? -1,
  };
}
