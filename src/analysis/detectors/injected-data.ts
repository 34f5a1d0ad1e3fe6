// Payload that neither end sent and that is no HTTP page and no DNS answer.
import { isHttpResponse } from '../describe-packet.ts';
import type { Detector } from '../finding.ts';
import { has } from '../seen-packet.ts';
import { isDnsAnswer } from './injected-dns.ts';
import { injectionFinding, injectionsOf } from './injection.ts';

export const detectInjectedData: Detector = (flow) => {
  const data = injectionsOf(
    flow,
    (packet) =>
      packet.length > 0 &&
      !has(packet, 'RST') &&
      !isDnsAnswer(flow, packet) &&
      !(flow.tuple.protocol === 'tcp' && !packet.forward && isHttpResponse(packet)),
  );
  return injectionFinding(flow, 'injected-data', data, 'data');
};
