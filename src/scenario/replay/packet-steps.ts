// Whole IP packets, of whatever protocol, between two addresses.
import { type Result, ok } from '../../base/result.ts';
import type { Conversation, SentPacket } from './conversations.ts';
import { keptPayload } from './kept-payload.ts';
import type { ReplayConversation, ReplayStep } from './replay-script.ts';
import { sinceBegin } from './since-begin.ts';

/** One for each pair of addresses; who began the first conversation between them is the client. */
export function packetConversations(
  chosen: readonly Conversation[],
  fill: boolean,
): Result<readonly ReplayConversation[], string> {
  const pairs = new Map<string, Conversation[]>();
  for (const conversation of chosen) {
    const { client, server } = conversation;
    const key = [client.address, server.address].sort().join(' ');
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, [conversation]);
    else known.push(conversation);
  }
  const conversations: ReplayConversation[] = [];
  for (const [first, ...others] of pairs.values()) {
    if (first === undefined) continue;
    const packets = [first, ...others]
      .flatMap((conversation) => conversation.packets)
      .sort((left, right) => left.time - right.time || left.frame - right.frame);
    const steps = packetSteps(packets, first.client.address, fill);
    if (!steps.ok) return steps;
    conversations.push({
      number: first.number,
      transport: 'raw-ip',
      protocol: first.protocol,
      client: first.client,
      server: first.server,
      begin: packets[0]?.time ?? 0,
      steps: steps.value,
    });
  }
  return ok(conversations);
}

function packetSteps(
  packets: readonly SentPacket[],
  client: string,
  fill: boolean,
): Result<readonly ReplayStep[], string> {
  const at = sinceBegin(packets);
  const steps: ReplayStep[] = [];
  for (const { source, time, frame, bytes, length } of packets) {
    const payload = keptPayload(bytes, length, frame, fill);
    if (!payload.ok) return payload;
    steps.push({
      kind: 'packet',
      party: source.address === client ? 'client' : 'server',
      at: at(time),
      frame,
      payload: payload.value,
    });
  }
  return ok(steps);
}
