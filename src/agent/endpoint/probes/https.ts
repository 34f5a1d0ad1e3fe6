import type { HttpsProbe } from '../../../model/probe.ts';
import type { Linger } from '../linger.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import type { TlsClient } from '../tls-client.ts';
import { checkStatus } from './http.ts';
import { exchangeHttp2 } from './http2-exchange.ts';
import { exchangeHttp } from './http-exchange.ts';
import { connectTcp } from './tcp-connection.ts';
import { shakeHands } from './tls-handshake.ts';

/** Asks for a page over TLS, in the version of HTTP that the server takes of those offered. */
export async function probeHttps(
  probe: HttpsProbe,
  measurement: Measurement,
  linger: Linger,
  tls: TlsClient,
): Promise<void> {
  const transport = await connectTcp(probe.target, measurement);
  const { socket, alpn } = await shakeHands(transport, probe, measurement, tls);
  if (probe.version === '2' && alpn !== 'h2')
    throw new ProbeFailure(
      'ssl_failed_handshake',
      `The server took ${alpn === '' ? 'no protocol' : alpn} where h2 was asked for`,
    );
  const { method, path, hostHeader: host } = probe;
  const request = { method, path, host };
  if (alpn === 'h2') await exchangeHttp2(socket, request, measurement, { scheme: 'https', linger });
  else {
    await exchangeHttp(socket, request, measurement);
    linger.close(socket);
  }
  checkStatus(probe.expectStatus, measurement);
}
