// A capture file (pcap or pcapng) as what its endpoints did: read, split into conversations, and each of them at the level
// that is wished.
import { type Result, fail, ok } from '../../base/result.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { type Conversation, splitConversations } from './conversations.ts';
import { chooseFlows, flowName } from './flow-filter.ts';
import { packetConversations } from './packet-steps.ts';
import { rawSteps } from './raw-steps.ts';
import { type ReplayPacket, readPackets } from './read-packets.ts';
import type { ReplayConversation, ReplayLevel, ReplayScript, ReplayStep } from './replay-script.ts';
import { tcpSteps } from './tcp-steps.ts';
import { udpSteps } from './udp-steps.ts';

export interface CaptureOptions {
  readonly level: ReplayLevel;
  /** Which conversations: `tcp:443`, `10.0.0.1:5000-10.0.0.2:443`, `443`, `#3`; none: all. */
  readonly flows: readonly string[];
  /** Whether bytes that the capture did not keep become random ones; otherwise they are a fault. */
  readonly fill: boolean;
  /** Bytes that one segment of the replay can carry at most, where that is known: longer ones are cut. Level `payload`. */
  readonly segment?: number;
}

/** `capture` is the whole file. The fault names the packet or the byte that it is about. */
export function captureScript(
  capture: Uint8Array,
  options: CaptureOptions,
): Result<ReplayScript, string> {
  const read = readPackets(capture);
  if (!read.ok) return read;
  const notes = [...read.value.notes];
  const playable = (packet: ReplayPacket): boolean =>
    options.level === 'packet' || isPlayable(packet);
  const packets = read.value.packets.filter(playable);
  const rest = read.value.packets.length - packets.length;
  if (rest > 0)
    notes.push(
      `${counted(rest, 'packet')} left out that ${rest === 1 ? 'is a fragment or' : 'are fragments or'} neither TCP nor UDP`,
    );
  if (packets.length === 0)
    return fail('It has no TCP and no UDP: its packets can only be played whole');
  const chosen = chooseFlows(splitConversations(packets), options.flows);
  if (!chosen.ok) return chosen;
  const conversations = conversationsOf(chosen.value, options, notes);
  if (!conversations.ok) return conversations;
  return ok({ level: options.level, conversations: conversations.value, notes });
}

const isPlayable = ({ tcp, protocol, isFragment }: ReplayPacket): boolean =>
  !isFragment && (tcp !== null || protocol === IP_PROTOCOL.udp);

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? ' is' : 's are'}`;

function conversationsOf(
  chosen: readonly Conversation[],
  options: CaptureOptions,
  notes: string[],
): Result<readonly ReplayConversation[], string> {
  if (options.level === 'packet') return packetConversations(chosen, options.fill);
  const conversations: ReplayConversation[] = [];
  for (const conversation of chosen) {
    const steps = stepsOf(conversation, options, notes);
    if (!steps.ok) return steps;
    if (steps.value.length === 0) {
      notes.push(`${flowName(conversation)} is left out: nothing was sent in it`);
      continue;
    }
    const { number, protocol, client, server, packets } = conversation;
    conversations.push({
      number,
      transport: transportOf(conversation, options.level),
      protocol,
      client,
      server,
      begin: packets[0]?.time ?? 0,
      steps: steps.value,
    });
  }
  if (conversations.length > 0) return ok(conversations);
  return fail(['Nothing was sent in it', ...notes].join(': '));
}

function transportOf({ protocol }: Conversation, level: ReplayLevel): 'tcp' | 'udp' | 'raw-tcp' {
  if (protocol === IP_PROTOCOL.udp) return 'udp';
  return level === 'raw' ? 'raw-tcp' : 'tcp';
}

function stepsOf(
  conversation: Conversation,
  { level, fill, segment = Infinity }: CaptureOptions,
  notes: string[],
): Result<readonly ReplayStep[], string> {
  if (conversation.protocol === IP_PROTOCOL.udp) return udpSteps(conversation, fill);
  if (level === 'raw') return rawSteps(conversation, fill);
  return tcpSteps(conversation, { fill, segment, note: (text) => notes.push(text) });
}
