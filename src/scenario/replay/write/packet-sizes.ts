// How long the IP packets of a replay are.
import type { ReplayConversation, ReplayStep } from '../replay-script.ts';

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
/** With timestamps, which Linux sends unless told otherwise (RFC 7323). */
const TCP_HEADER = 32;
const LONGEST_TCP_HEADER = 60;

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

export function payloadSize(step: ReplayStep): number {
  if (step.kind === 'close') return 0;
  return step.payload.kind === 'random' ? step.payload.size : step.payload.bytes.length;
}

function headersOf(step: ReplayStep, { client, transport }: ReplayConversation): number {
  if (step.kind === 'packet' || step.kind === 'close') return 0;
  const ip = client.address.includes(':') ? IPV6_HEADER : IPV4_HEADER;
  if (step.kind === 'segment') return ip + LONGEST_TCP_HEADER;
  return ip + (transport === 'udp' ? UDP_HEADER : TCP_HEADER);
}
