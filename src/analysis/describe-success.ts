import { formatBytes, formatMillis } from '../base/units.ts';
import type { Observation } from '../model/observation.ts';
import { answeringHop } from './answering-hop.ts';

/** What an attempt that nothing disturbed achieved: `TLS handshake in 76 ms`. */
export function describeSuccess(observation: Observation): string {
  const { probe, timings, start, end, status, answers, exitCode } = observation;
  const within = (name: string): string => formatMillis(timings[name] ?? (end - start) / 1000);
  switch (probe) {
    case 'tls':
      return `TLS handshake in ${within('tls_handshake')}`;
    case 'http':
    case 'https':
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
    case 'script': {
      const sent = observation.sent === undefined ? '' : `${formatBytes(observation.sent)} sent, `;
      return `script played in ${within('done')}, ${sent}${formatBytes(observation.received)} received`;
    }
    case 'quic':
      return status === undefined
        ? `QUIC handshake in ${within('quic_handshake')}`
        : `HTTP ${status} over QUIC in ${within('done')}${describePaths(observation)}`;
    case 'ping': {
      const { rtts = [] } = observation;
      const came = rtts.filter((rtt) => rtt !== null);
      return `${came.length} of ${rtts.length} replies, the first in ${within('response')}`;
    }
    case 'traceroute':
      return describeTrace(observation);
    case 'visit':
      return `HTTP ${status ?? 'response'} of ${formatBytes(observation.received)}, loaded in ${within('done')}`;
    case 'run':
      return `exit code ${exitCode ?? 0} after ${within('done')}`;
  }
}

/** `, 5 paths challenged, 1 path validated`; empty for a connection that stayed with its path. */
const describePaths = ({ paths }: Observation): string =>
  [
    [paths?.challenged ?? 0, 'challenged'] as const,
    [paths?.validated ?? 0, 'validated'] as const,
    [paths?.failed ?? 0, 'without an answer'] as const,
  ]
    .filter(([count]) => count > 0)
    .map(([count, what]) => `, ${count} ${count === 1 ? 'path' : 'paths'} ${what}`)
    .join('');

/** `data at TTL 3 by way of 10.0.0.1, 10.0.1.1`. */
function describeTrace(observation: Observation): string {
  const answer = answeringHop(observation);
  const routers = (observation.hops ?? []).flatMap(({ answers }) =>
    answers.filter(({ kind }) => kind === 'time-exceeded').map(({ address }) => address),
  );
  const way = routers.length === 0 ? '' : ` by way of ${[...new Set(routers)].join(', ')}`;
  return answer ? `${answer.kind} at TTL ${answer.ttl}${way}` : `no answer${way}`;
}
