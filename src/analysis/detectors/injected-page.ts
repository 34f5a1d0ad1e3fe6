// An HTTP response that the server never sent: a block page.
import { isHttpResponse } from '../describe-packet.ts';
import type { Detector } from '../finding.ts';
import { injectionFinding, injectionsOf } from './injection.ts';

export const detectInjectedPage: Detector = (flow) => {
  if (flow.tuple.protocol !== 'tcp') return null;
  const pages = injectionsOf(flow, (packet) => !packet.forward && isHttpResponse(packet));
  return injectionFinding(flow, 'injected-page', pages, 'HTTP page');
};
