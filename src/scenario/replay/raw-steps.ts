// A TCP connection as the segments that were seen: flags, numbers, window and options as in the capture.
import { type Result, ok } from '../../base/result.ts';
import type { SequenceNumber } from '../../model/script.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../wire/tcp.ts';
import type { Conversation, SentPacket } from './conversations.ts';
import { keptPayload } from './kept-payload.ts';
import type { TcpHeader } from './read-packets.ts';
import type { ReplayParty, ReplayStep } from './replay-script.ts';
import { sinceBegin } from './since-begin.ts';
import { tcpOptions } from './tcp-options.ts';

export function rawSteps(
  { packets }: Conversation,
  fill: boolean,
): Result<readonly ReplayStep[], string> {
  const at = sinceBegin(packets);
  const initial = {
    client: initialNumber(packets, 'client'),
    server: initialNumber(packets, 'server'),
  };
  const usual = { client: usualTtl(packets, 'client'), server: usualTtl(packets, 'server') };
  const steps: ReplayStep[] = [];
  for (const packet of packets) {
    const { from, tcp, frame, ttl, trafficClass } = packet;
    if (tcp === null) continue;
    const payload = keptPayload(packet.payload, packet.payloadLength, frame, fill);
    if (!payload.ok) return payload;
    const peer = from === 'client' ? 'server' : 'client';
    steps.push({
      kind: 'segment',
      party: from,
      at: at(packet.time),
      frame,
      flags: tcp.flags,
      payload: payload.value,
      sequence: sequenceOf(tcp, initial[from]),
      ...(has(tcp, TCP_FLAG.ACK) && {
        acknowledgment: relative(tcp.acknowledgment, initial[peer]),
      }),
      window: tcp.window,
      ...(tcp.urgentPointer !== 0 && { urgentPointer: tcp.urgentPointer }),
      options: tcpOptions(tcp.options),
      ...(ttl !== usual[from] && { ttl }),
      ...(trafficClass !== 0 && { trafficClass }),
    });
  }
  return ok(steps);
}

const has = ({ flags }: TcpHeader, flag: number): boolean => (flags & flag) !== 0;

/** The number of the side's SYN; without one in the capture, that before the first byte of it that was sent or acknowledged. */
function initialNumber(packets: readonly SentPacket[], party: ReplayParty): number {
  for (const { from, tcp } of packets)
    if (tcp !== null && from === party && has(tcp, TCP_FLAG.SYN)) return tcp.sequence;
  for (const { from, tcp } of packets) {
    if (tcp === null) continue;
    if (from === party) return addSequence(tcp.sequence, -1);
    if (has(tcp, TCP_FLAG.ACK)) return addSequence(tcp.acknowledgment, -1);
  }
  return 0;
}

function sequenceOf(tcp: TcpHeader, initial: number): SequenceNumber {
  const isSyn = has(tcp, TCP_FLAG.SYN) && tcp.sequence === initial;
  return isSyn ? { base: 'absolute', offset: initial } : relative(tcp.sequence, initial);
}

const relative = (number: number, initial: number): SequenceNumber => ({
  base: 'initial',
  offset: sequenceDistance(number, initial),
});

/** What most of the side's packets have, the smaller of two as frequent. */
function usualTtl(packets: readonly SentPacket[], party: ReplayParty): number {
  const counts = new Map<number, number>();
  for (const { from, ttl } of packets)
    if (from === party) counts.set(ttl, (counts.get(ttl) ?? 0) + 1);
  const ordered = [...counts].sort(
    ([one, often], [other, seldom]) => seldom - often || one - other,
  );
  return ordered[0]?.[0] ?? 0;
}
