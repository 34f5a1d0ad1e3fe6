import { once } from 'node:events';
import type { ProbeSpec } from '../../../model/traffic.ts';
import type { Linger } from '../linger.ts';
import type { Measurement } from '../measurement.ts';
import { exchangeHttp } from './http-exchange.ts';
import { connectTcp } from './tcp-connection.ts';

type TlsProbe = Extract<ProbeSpec, { kind: 'tls' }>;

/** Shakes hands, judges the certificate by `trust` (PEM) where asked to, and asks for a page where a path is given. */
export async function probeTls(
  probe: TlsProbe,
  measurement: Measurement,
  linger: Linger,
  trust: string,
): Promise<void> {
  // Loaded when first needed: TLS is a good part of what a node's thread costs to start.
  const { checkServerIdentity, connect } = await import('node:tls');
  const transport = await connectTcp(probe.target, measurement);
  measurement.operation = 'tls_handshake';
  const host = probe.sni === '' ? probe.target.host : probe.sni;
  const socket = connect({
    socket: transport,
    ca: trust,
    rejectUnauthorized: probe.verify,
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
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
