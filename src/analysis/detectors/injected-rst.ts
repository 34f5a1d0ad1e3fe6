// RST segments that neither end sent: the connection is torn down by somebody on the way.
import { type Detector, outcomeOf } from '../finding.ts';
import { has } from '../seen-packet.ts';
import { injectionFinding, injectionsOf } from './injection.ts';

export const detectInjectedRst: Detector = (flow) => {
  if (flow.tuple.protocol !== 'tcp') return null;
  // A client that waited in vain was not reset; the server may have been.
  const onlyServer = outcomeOf(flow.observation.failure) === 'timeout';
  const resets = injectionsOf(
    flow,
    (packet) => has(packet, 'RST') && (packet.forward || !onlyServer),
  );
  const remark = flow.observation.failure === null ? ', to no effect' : '';
  return injectionFinding(flow, 'injected-rst', resets, 'RST', remark);
};
