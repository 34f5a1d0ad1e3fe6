import { formatMillis } from '../base/units.ts';
import type { Observation } from '../model/observation.ts';

/** What an attempt that nothing disturbed achieved: `TLS handshake in 76 ms`. */
export function describeSuccess(observation: Observation): string {
  const { probe, timings, start, end, status, answers, exitCode } = observation;
  const within = (name: string): string => formatMillis(timings[name] ?? (end - start) / 1000);
  switch (probe) {
    case 'tls':
      return `TLS handshake in ${within('tls_handshake')}`;
    case 'http':
      return `HTTP ${status ?? 'response'} in ${within('done')}`;
    case 'dns': {
      const answer = answers && answers.length > 0 ? answers.join(', ') : 'no records';
      return `DNS answer ${answer} in ${within('response')}`;
    }
    case 'tcp':
      return observation.received > 0
        ? `${observation.received} bytes echoed in ${within('done')}`
        : `TCP connection in ${within('connect')}`;
    case 'udp':
      return `${observation.received} bytes echoed in ${within('response')}`;
    case 'script':
      return `script played in ${within('done')}, ${observation.received} bytes received`;
    case 'run':
      return `exit code ${exitCode ?? 0} after ${within('done')}`;
  }
}
