// FIN segments that neither end sent: the reader takes the stream for finished.
import type { Detector } from '../finding.ts';
import { has } from '../seen-packet.ts';
import { injectionFinding, injectionsOf } from './injection.ts';

export const detectInjectedFin: Detector = (flow) => {
  if (flow.tuple.protocol !== 'tcp') return null;
  const ends = injectionsOf(
    flow,
    (packet) => has(packet, 'FIN') && !has(packet, 'RST') && packet.length === 0,
  );
  return injectionFinding(flow, 'injected-fin', ends, 'FIN');
};
