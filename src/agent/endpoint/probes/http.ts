import type { ProbeSpec } from '../../../model/traffic.ts';
import type { Linger } from '../linger.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import { exchangeHttp } from './http-exchange.ts';
import { connectTcp } from './tcp-connection.ts';

type HttpProbe = Extract<ProbeSpec, { kind: 'http' }>;

/** Asks for a page over plain HTTP/1.1 and reads it to its end. */
export async function probeHttp(
  probe: HttpProbe,
  measurement: Measurement,
  linger: Linger,
): Promise<void> {
  const socket = await connectTcp(probe.target, measurement);
  const { method, path, hostHeader: host, expectStatus } = probe;
  await exchangeHttp(socket, { method, path, host }, measurement);
  linger.close(socket);
  const { status } = measurement.findings;
  if (expectStatus !== null && status !== expectStatus)
    throw new ProbeFailure(
      'http_unexpected_status_code',
      `Expected status ${expectStatus}, found ${status ?? 'none'}`,
    );
}
