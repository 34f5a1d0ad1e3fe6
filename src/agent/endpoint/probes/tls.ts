import type { ProbeSpec } from '../../../model/traffic.ts';
import type { Linger } from '../linger.ts';
import type { Measurement } from '../measurement.ts';
import type { TlsClient } from '../tls-client.ts';
import { exchangeHttp2 } from './http2-exchange.ts';
import { exchangeHttp } from './http-exchange.ts';
import { connectTcp } from './tcp-connection.ts';
import { shakeHands } from './tls-handshake.ts';

type TlsProbe = Extract<ProbeSpec, { kind: 'tls' }>;

/** Shakes hands, judges the certificate where asked to, and asks for a page where a path is given. */
export async function probeTls(
  probe: TlsProbe,
  measurement: Measurement,
  linger: Linger,
  tls: TlsClient,
): Promise<void> {
  const transport = await connectTcp(probe.target, measurement);
  const { socket, alpn } = await shakeHands(transport, probe, measurement, tls);
  const host = probe.sni === '' ? probe.target.host : probe.sni;
  const request = { method: 'GET', path: probe.get ?? '/', host };
  if (probe.get !== null && alpn === 'h2') {
    await exchangeHttp2(socket, request, measurement, { scheme: 'https', linger });
    return;
  }
  if (probe.get !== null) await exchangeHttp(socket, request, measurement);
  linger.close(socket);
}
