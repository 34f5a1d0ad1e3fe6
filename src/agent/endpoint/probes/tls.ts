import { once } from 'node:events';
import type { ProbeSpec } from '../../../model/traffic.ts';
import type { Linger } from '../linger.ts';
import type { Measurement } from '../measurement.ts';
import type { TlsClient } from '../tls-client.ts';
import { exchangeHttp } from './http-exchange.ts';
import { connectTcp } from './tcp-connection.ts';

type TlsProbe = Extract<ProbeSpec, { kind: 'tls' }>;

/** Shakes hands, judges the certificate where asked to, and asks for a page where a path is given. */
export async function probeTls(
  probe: TlsProbe,
  measurement: Measurement,
  linger: Linger,
  tls: TlsClient,
): Promise<void> {
  const transport = await connectTcp(probe.target, measurement);
  measurement.operation = 'tls_handshake';
  const host = probe.sni === '' ? probe.target.host : probe.sni;
  const socket = tls.connect({
    socket: transport,
    rejectUnauthorized: probe.verify,
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(host, certificate),
    ...(probe.sni === '' ? {} : { servername: probe.sni }),
    ...(probe.alpn.length === 0 ? {} : { ALPNProtocols: [...probe.alpn] }),
  });
  measurement.onFailure(() => socket.destroy());
  await once(socket, 'secureConnect');
  measurement.mark('tls_handshake');
  if (probe.get !== null)
    await exchangeHttp(socket, { method: 'GET', path: probe.get, host }, measurement);
  linger.close(socket);
}
