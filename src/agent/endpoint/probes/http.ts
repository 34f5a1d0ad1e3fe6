import type { ProbeSpec } from '../../../model/traffic.ts';
import type { Linger } from '../linger.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import { exchangeHttp2 } from './http2-exchange.ts';
import { exchangeHttp } from './http-exchange.ts';
import { connectTcp } from './tcp-connection.ts';

type HttpProbe = Extract<ProbeSpec, { kind: 'http' }>;

/** Asks for a page over plain HTTP and reads it to its end. */
export async function probeHttp(
  probe: HttpProbe,
  measurement: Measurement,
  linger: Linger,
): Promise<void> {
  const socket = await connectTcp(probe.target, measurement);
  const { method, path, hostHeader: host, expectStatus } = probe;
  const request = { method, path, host };
  if (probe.version === '2')
    await exchangeHttp2(socket, request, measurement, { scheme: 'http', linger });
  else {
    await exchangeHttp(socket, request, measurement);
    linger.close(socket);
  }
  checkStatus(expectStatus, measurement);
}

/** Fails the probe when the response has another status than the one that counts as success. */
export function checkStatus(expected: number | null, { findings }: Measurement): void {
  if (expected !== null && findings.status !== expected)
    throw new ProbeFailure(
      'http_unexpected_status_code',
      `Expected status ${expected}, found ${findings.status ?? 'none'}`,
    );
}
