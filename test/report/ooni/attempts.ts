import type { Observation } from '../../../src/model/observation.ts';
import type { ProbeSpec } from '../../../src/model/traffic.ts';
import type { Attempt } from '../../../src/report/ooni/attempt.ts';

const target = { host: 'server', address: '10.10.2.2', port: 443 };

export const TLS: ProbeSpec = {
  kind: 'tls',
  target,
  sni: 'blocked.example',
  alpn: [],
  get: '/page',
  verify: false,
  timeout: 1000,
};

export const DNS: ProbeSpec = {
  kind: 'dns',
  target: { ...target, address: 'fd00::2', port: 53 },
  qname: 'blocked.example',
  qtype: 'A',
  transport: 'udp',
  timeout: 1000,
  expectAnswers: [],
};

export const HTTP: ProbeSpec = {
  kind: 'http',
  target,
  method: 'GET',
  hostHeader: 'blocked.example',
  path: '/page',
  timeout: 1000,
  expectStatus: null,
};

/** A TLS attempt of 100 ms at 2026-11-20 21:04:11.250 UTC, unless changed. */
export const attempt = (
  changes: Partial<Observation> = {},
  probe: ProbeSpec | null = TLS,
): Attempt => ({
  probe,
  observation: {
    flow: 'forbidden',
    attempt: 1,
    node: 'client',
    probe: probe?.kind ?? 'run',
    failure: null,
    operation: null,
    start: 1_795_208_651_250_000,
    end: 1_795_208_651_350_000,
    fiveTuple: {
      protocol: 'tcp',
      source: '10.10.1.1',
      sourcePort: 40_000,
      destination: '10.10.2.2',
      destinationPort: 443,
    },
    timings: { connect: 25.5, tls_handshake: 76.125 },
    received: 0,
    ...changes,
  },
});
