// One script by several parties → a program for each: its own steps, and what the others send as what is to arrive.
import type {
  ArriveInstruction,
  CraftInstruction,
  Instruction,
  ScriptChannel,
  ScriptTransport,
} from '../../../model/script.ts';
import { isDatagram } from '../../../model/script-transport.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { type Act, peerOn } from './acts.ts';
import { awaitKnown } from './await-known.ts';

type What = ArriveInstruction['what'];
type Ends = Pick<ScriptChannel, 'from' | 'to'>;

/** Programs by party, in the order of the parties. */
export function projectPrograms(
  parties: readonly string[],
  channels: readonly Ends[],
  transport: ScriptTransport,
  acts: readonly Act[],
): ReadonlyMap<string, readonly Instruction[]> {
  const arrivals = arrivalsOf(acts, transport);
  const programs = new Map(parties.map((party) => [party, [] as Instruction[]]));
  /** By party and channel: whether its next own instruction there reads for itself. */
  const reads = new Map<string, boolean>();
  // From the end, so that what comes next is known.
  for (let index = acts.length - 1; index >= 0; index -= 1) {
    const act = acts[index];
    if (act === undefined) continue;
    const { party, instruction } = act;
    programs.get(party)?.push(instruction);
    for (const { channel, reading } of touched([instruction]))
      reads.set(`${party} ${channel}`, reading);
    for (const { channel, what } of (arrivals[index] ?? []).toReversed()) {
      const ends = channels[channel];
      if (ends === undefined) continue;
      const peer = peerOn(ends, party);
      const wait = reads.get(`${peer} ${channel}`) !== true;
      const base = { step: instruction.step, after: 0, at: null, within: null };
      programs.get(peer)?.push({ ...base, op: 'arrive', channel, wait, what });
    }
  }
  return new Map(
    Array.from(programs, ([party, program]) => {
      const inOrder = program.toReversed();
      return [party, isDatagram(transport) ? inOrder : awaitKnown(inOrder)];
    }),
  );
}

interface Touch {
  readonly channel: number;
  /** Whether the first thing done there is to expect. */
  readonly reading: boolean;
}

/** The channels that instructions use, each with how it is first used. */
function touched(instructions: readonly Instruction[]): readonly Touch[] {
  const first = new Map<number, boolean>();
  for (const instruction of instructions)
    for (const { channel, reading } of touchesOf(instruction))
      if (!first.has(channel)) first.set(channel, reading);
  return Array.from(first, ([channel, reading]) => ({ channel, reading }));
}

function touchesOf(instruction: Instruction): readonly Touch[] {
  switch (instruction.op) {
    case 'send':
    case 'craft':
    case 'close':
    case 'arrive':
      return [{ channel: instruction.channel, reading: false }];
    case 'expect':
      return [{ channel: instruction.channel, reading: true }];
    case 'branch':
      return eitherOf(touched(instruction.yes), touched(instruction.no));
    case 'loop':
      return touched(instruction.body);
    case 'wait':
    case 'set':
    case 'stack':
      return [];
  }
}

/** Whichever way is taken: one that reads for itself must find what has come. */
const eitherOf = (yes: readonly Touch[], no: readonly Touch[]): readonly Touch[] =>
  [...yes, ...no].toSorted((left, right) => Number(right.reading) - Number(left.reading));

interface Arrival {
  readonly channel: number;
  readonly what: What;
}

/** What the other end of the channel meets of each act. */
function arrivalsOf(
  acts: readonly Act[],
  transport: ScriptTransport,
): readonly (readonly Arrival[])[] {
  /** Channels and parties of which the bytes are no longer known one by one. */
  const blurred = new Set<string>();
  return acts.map((act): readonly Arrival[] => {
    const { instruction, party } = act;
    switch (instruction.op) {
      case 'send':
        return sendArrivals(act, instruction.channel, transport, blurred);
      case 'craft':
        return craftArrivals(act, instruction, blurred);
      case 'close':
        if (isDatagram(transport)) return [];
        return [
          {
            channel: instruction.channel,
            what: { kind: instruction.how === 'reset' ? 'reset' : 'end' },
          },
        ];
      case 'branch':
      case 'loop':
        // Nobody else knows which way it goes.
        for (const channel of sendingChannels([instruction])) blurred.add(`${party} ${channel}`);
        return [];
      case 'arrive':
      case 'expect':
      case 'wait':
      case 'set':
      case 'stack':
        return [];
    }
  });
}

function sendArrivals(
  { party, instruction, isExpected, size }: Act,
  channel: number,
  transport: ScriptTransport,
  blurred: Set<string>,
): readonly Arrival[] {
  if (instruction.op !== 'send' || transport === 'raw-ip' || !isExpected) return [];
  const { payload } = instruction;
  const key = `${party} ${channel}`;
  const isUnknown = payload.kind === 'template';
  // A datagram stands for itself; in a stream all that follows is at a place that is not known.
  if (isUnknown && !isDatagram(transport)) blurred.add(key);
  const isKnown = !isUnknown && !blurred.has(key);
  return [{ channel, what: { kind: 'data', payload: isKnown ? payload : null, size } }];
}

function craftArrivals(
  { party, isExpected, size }: Act,
  segment: CraftInstruction,
  blurred: Set<string>,
): readonly Arrival[] {
  const { channel, payload, sequence } = segment;
  const key = `${party} ${channel}`;
  const inOrder = sequence === null || (sequence.base === 'next' && sequence.offset === 0);
  const flags = segment.flags ?? TCP_FLAG.ACK | (payload === null ? 0 : TCP_FLAG.PSH);
  if (!isExpected) return [];
  const isUnknown = payload?.kind === 'template';
  if (isUnknown || (payload !== null && !inOrder)) blurred.add(key);
  const arrivals: Arrival[] = isUnknown
    ? []
    : [{ channel, what: { kind: 'segment', flags, length: size } }];
  if (payload !== null && size > 0 && inOrder)
    arrivals.push({
      channel,
      what: { kind: 'data', payload: blurred.has(key) ? null : payload, size },
    });
  if ((flags & TCP_FLAG.RST) !== 0) arrivals.push({ channel, what: { kind: 'reset' } });
  else if ((flags & TCP_FLAG.FIN) !== 0 && inOrder && !blurred.has(key))
    arrivals.push({ channel, what: { kind: 'end' } });
  return arrivals;
}

function sendingChannels(instructions: readonly Instruction[]): readonly number[] {
  return instructions.flatMap((instruction): readonly number[] => {
    switch (instruction.op) {
      case 'send':
      case 'craft':
        return [instruction.channel];
      case 'branch':
        return sendingChannels([...instruction.yes, ...instruction.no]);
      case 'loop':
        return sendingChannels(instruction.body);
      case 'arrive':
      case 'close':
      case 'expect':
      case 'wait':
      case 'set':
      case 'stack':
        return [];
    }
  });
}
