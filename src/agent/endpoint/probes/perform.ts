import { unreachable } from '../../../base/invariant.ts';
import type { Linger } from '../linger.ts';
import type { Measurement } from '../measurement.ts';
import type { TlsClient } from '../tls-client.ts';
import type { SocketProbe } from '../protocol.ts';
import { probeDns } from './dns.ts';
import { probeHttp } from './http.ts';
import { probeHttps } from './https.ts';
import { probePing } from './ping.ts';
import { probeTcp } from './tcp.ts';
import { probeTls } from './tls.ts';
import { probeTraceroute } from './traceroute.ts';
import { probeUdp } from './udp.ts';

export interface ProbeContext {
  readonly linger: Linger;
  readonly tls: () => Promise<TlsClient>;
}

/** Performs a probe of any kind; resolves on success, rejects with what went wrong. */
export async function performProbe(
  probe: SocketProbe,
  measurement: Measurement,
  { linger, tls }: ProbeContext,
): Promise<void> {
  switch (probe.kind) {
    case 'tcp':
      return probeTcp(probe, measurement, linger);
    case 'udp':
      return probeUdp(probe, measurement);
    case 'http':
      return probeHttp(probe, measurement, linger);
    case 'tls':
      return probeTls(probe, measurement, linger, await tls());
    case 'dns':
      return probeDns(probe, measurement, linger, tls);
    case 'https':
      return probeHttps(probe, measurement, linger, await tls());
    case 'ping':
      return probePing(probe, measurement);
    case 'traceroute':
      return probeTraceroute(probe, measurement);
    default:
      return unreachable(probe, 'probe');
  }
}
