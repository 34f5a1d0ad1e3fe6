import { type Result, ok } from '../../base/result.ts';
import type { Conversation } from './conversations.ts';
import { keptPayload } from './kept-payload.ts';
import type { ReplayStep } from './replay-script.ts';
import { sinceBegin } from './since-begin.ts';

/** Each datagram as it came. */
export function udpSteps(
  { packets }: Conversation,
  fill: boolean,
): Result<readonly ReplayStep[], string> {
  const at = sinceBegin(packets);
  const steps: ReplayStep[] = [];
  for (const { from, time, frame, payload: bytes, payloadLength } of packets) {
    const payload = keptPayload(bytes, payloadLength, frame, fill);
    if (!payload.ok) return payload;
    steps.push({ kind: 'send', party: from, at: at(time), frame, payload: payload.value });
  }
  return ok(steps);
}
