// RST segments that neither end sent: the connection is torn down by somebody on the way.
import type { AlignedFlow } from '../aligned.ts';
import { directionOf } from '../describe-packet.ts';
import { type Detector, outcomeOf } from '../finding.ts';
import { disappearance } from '../origin.ts';
import { has } from '../seen-packet.ts';
import { type Injection, injectionFinding, injectionsOf } from './injection.ts';

export const detectInjectedRst: Detector = (flow) => {
  if (flow.tuple.protocol !== 'tcp') return null;
  // A client that waited in vain was not reset; the server may have been.
  const onlyServer = outcomeOf(flow.observation.failure) === 'timeout';
  const resets = injectionsOf(
    flow,
    (packet) => has(packet, 'RST') && (packet.forward || !onlyServer),
  );
  const [first] = resets;
  const origin = first && isRewritten(flow, first) ? ', made of a packet of the flow' : '';
  const effect = flow.observation.failure === null ? ', to no effect' : '';
  return injectionFinding(flow, 'injected-rst', resets, 'RST', `${origin}${effect}`);
};

/** Whether a packet with the same numbers, the identification of IPv4 among them, ended where the RST began. */
function isRewritten(flow: AlignedFlow, { trajectory: { packet }, gap }: Injection): boolean {
  const direction = directionOf(flow, packet);
  return direction.trajectories.some((one) => {
    const { sequence, ipId } = one.packet;
    if (has(one.packet, 'RST') || ipId === 0 || ipId !== packet.ipId) return false;
    const end = disappearance(direction, one);
    return sequence === packet.sequence && end?.from === gap.from;
  });
}
