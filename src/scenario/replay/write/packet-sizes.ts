// How long the IP packets of a replay are.
import type { TcpOptionSpec } from '../../../model/script.ts';
import type { ReplayConversation, ReplayStep } from '../replay-script.ts';

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
const TCP_HEADER = 20;
/** With timestamps, which Linux sends unless told otherwise (RFC 7323), padded. */
const USUAL_OPTIONS = 12;

/** Bytes of the longest packet, with its IP header. */
export function longestPacket(conversations: readonly ReplayConversation[]): number {
  let longest = 0;
  for (const conversation of conversations)
    for (const step of conversation.steps) {
      const header = headersOf(step, conversation);
      longest = Math.max(longest, payloadSize(step) + header);
    }
  return longest;
}

function payloadSize(step: ReplayStep): number {
  if (step.kind === 'close') return 0;
  return step.payload.kind === 'random' ? step.payload.size : step.payload.bytes.length;
}

function headersOf(step: ReplayStep, { client, transport }: ReplayConversation): number {
  if (step.kind === 'packet' || step.kind === 'close') return 0;
  const ip = client.address.includes(':') ? IPV6_HEADER : IPV4_HEADER;
  if (transport === 'udp') return ip + UDP_HEADER;
  const options =
    step.kind === 'send'
      ? USUAL_OPTIONS
      : (step.options ?? []).reduce((sum, option) => sum + optionSize(option), 0);
  return ip + TCP_HEADER + Math.ceil(options / 4) * 4;
}

function optionSize(option: TcpOptionSpec): number {
  switch (option.kind) {
    case 'mss':
      return 4;
    case 'window-scale':
      return 3;
    case 'sack-permitted':
      return 2;
    case 'sack':
      return 2 + 8 * option.blocks.length;
    case 'timestamps':
      return 10;
    case 'md5':
      return 18;
    case 'raw':
      return 2 + option.hex.length / 2;
    case 'nop':
    case 'end':
      return 1;
  }
}
