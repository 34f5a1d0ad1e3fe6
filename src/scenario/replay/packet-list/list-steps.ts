import { TCP_FLAG } from '../../../wire/tcp.ts';
import type { ReplayParty, ReplayStep } from '../replay-script.ts';
import type { ListedPacket } from './packet.ts';

const EMPTY_SEGMENT = TCP_FLAG.ACK;
const FULL_SEGMENT = TCP_FLAG.PSH | TCP_FLAG.ACK;

/**
 * A step for each packet, so long after the one before as it says; `at` is where that leads when nothing takes time. A TCP
 * packet of nothing at level `payload` is only its delay.
 */
export function listSteps(
  packets: readonly ListedPacket[],
  parties: ReadonlyMap<string, ReplayParty>,
  transport: 'tcp' | 'udp' | 'raw-tcp',
): readonly ReplayStep[] {
  const steps: ReplayStep[] = [];
  let at = 0;
  let after = 0;
  for (const [index, { sender, delay, payload, flags }] of packets.entries()) {
    at += delay;
    after += delay;
    const base = { party: parties.get(sender) ?? 'client', at, after, frame: index + 1 };
    const isEmpty = payload.kind === 'bytes' && payload.bytes.length === 0;
    if (transport === 'raw-tcp') {
      const usual = isEmpty ? EMPTY_SEGMENT : FULL_SEGMENT;
      steps.push({ ...base, kind: 'segment', payload, flags: flags ?? usual });
    } else if (transport === 'udp' || !isEmpty) steps.push({ ...base, kind: 'send', payload });
    else continue;
    after = 0;
  }
  return steps;
}
