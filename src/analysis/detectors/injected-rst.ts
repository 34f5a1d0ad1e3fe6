// RST segments that neither end sent: the connection is torn down by somebody on the way.
import type { Detector } from '../finding.ts';
import { has } from '../seen-packet.ts';
import { injectionFinding, injectionsOf } from './injection.ts';

export const detectInjectedRst: Detector = (flow) => {
  if (flow.tuple.protocol !== 'tcp') return null;
  const resets = injectionsOf(flow, (packet) => has(packet, 'RST'));
  const remark = flow.observation.failure === null ? ', to no effect' : '';
  return injectionFinding(flow, 'injected-rst', resets, 'RST', remark);
};
