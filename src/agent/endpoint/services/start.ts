import { InvariantError, invariant, unreachable } from '../../../base/invariant.ts';
import type { LogFile } from '../log-file.ts';
import type { ServiceSetup } from '../protocol.ts';
import { startDns } from './dns.ts';
import { startTcpEcho, startUdpEcho } from './echo.ts';
import type { RunningService } from './running-service.ts';
import { startWeb } from './sites/start-web.ts';
import { startHttp, startTls } from './web.ts';

/** Starts a service of any kind; resolves when it accepts on every address. */
export async function startService(setup: ServiceSetup, log: LogFile): Promise<RunningService> {
  const { service, credentials } = setup;
  const { serve } = service;
  switch (serve.kind) {
    case 'http':
      return startHttp(service, serve, log);
    case 'tls':
      invariant(credentials, 'A tls service comes with its credentials');
      return startTls(service, serve, log, credentials);
    case 'web':
      return startWeb(service, serve, log, setup);
    case 'dns':
      return startDns(service, serve, log, credentials);
    case 'quic':
      throw new InvariantError('A quic service is a program of the main thread');
    case 'tcp-echo':
      return startTcpEcho(service, log);
    case 'udp-echo':
      return startUdpEcho(service, log);
    default:
      return unreachable(serve, 'service');
  }
}
