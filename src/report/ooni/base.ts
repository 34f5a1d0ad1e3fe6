// df-000: what every measurement has.
import type { Observation } from '../../model/observation.ts';
import type { ProbeSpec } from '../../model/traffic.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Report } from '../report.ts';
import { type Attempt, endpointOf, runtimeOf } from './attempt.ts';
import { httpHost } from './requests.ts';
import { EXTENSIONS, type TestKeys, testKeys } from './test-keys.ts';

export interface OoniMeasurement {
  readonly annotations: Readonly<Record<string, string>>;
  readonly data_format_version: string;
  readonly extensions: Readonly<Record<string, number>>;
  /** What was measured, as OONI's urlgetter writes it; null of programs. */
  readonly input: string | null;
  readonly measurement_start_time: string;
  readonly probe_asn: string;
  readonly probe_cc: string;
  readonly probe_ip: string;
  readonly probe_network_name: string;
  readonly report_id: string;
  readonly resolver_asn: string;
  readonly resolver_ip: string;
  readonly resolver_network_name: string;
  readonly software_name: string;
  readonly software_version: string;
  readonly test_name: string;
  readonly test_version: string;
  readonly test_start_time: string;
  readonly test_runtime: number;
  readonly test_keys: TestKeys;
}

/** What OONI writes for a probe that does not say where it is. */
const NOWHERE = {
  probe_asn: 'AS0',
  probe_cc: 'ZZ',
  probe_ip: '127.0.0.1',
  probe_network_name: '',
  resolver_asn: 'AS0',
  resolver_ip: '127.0.0.1',
  resolver_network_name: '',
} as const;

/** Raised when the test keys change. */
const TEST_VERSION = '0.1.0';

export function ooniMeasurement(
  attempt: Attempt,
  verdict: Verdict | undefined,
  { manifest }: Pick<Report, 'manifest'>,
): OoniMeasurement {
  const { observation, probe } = attempt;
  return {
    annotations: annotationsOf(observation, verdict, manifest),
    data_format_version: '0.2.0',
    extensions: EXTENSIONS,
    input: probe === null ? null : inputOf(probe),
    measurement_start_time: utc(observation.start / 1000),
    ...NOWHERE,
    report_id: '',
    software_name: 'netscenario',
    software_version: manifest.versions['runner'] ?? '',
    test_name: testName(observation.probe),
    test_version: TEST_VERSION,
    test_start_time: utc(Date.parse(manifest.started)),
    test_runtime: runtimeOf(observation),
    test_keys: testKeys(attempt),
  };
}

/** The verdict is about all attempts of the flow; the failure in the test keys is this attempt's own. */
function annotationsOf(
  { flow, attempt, node }: Observation,
  verdict: Verdict | undefined,
  { scenario, planHash }: Report['manifest'],
): Record<string, string> {
  const judged = verdict && {
    cause: verdict.cause ?? '',
    by: verdict.by ?? '',
    stage: verdict.stage,
    outcome: verdict.outcome,
    signature: verdict.signature ?? '',
    signals: [...new Set(verdict.signals.map(({ kind }) => kind))].join(','),
  };
  return { scenario, flow, attempt: String(attempt), node, planHash, ...judged };
}

/** After OONI's experiments that do the like; a kind that is not listed goes by its own name. */
const EXPERIMENTS: Readonly<Record<string, string>> = {
  tcp: 'tcpping',
  udp: 'udpping',
  http: 'urlgetter',
  https: 'urlgetter',
  tls: 'tlsping',
  dns: 'dnscheck',
  quic: 'quicping',
};

const testName = (probe: string): string => `netscenario_${EXPERIMENTS[probe] ?? probe}`;

function inputOf(probe: ProbeSpec): string | null {
  switch (probe.kind) {
    case 'tcp':
      return `tcpconnect://${endpointOf(probe.target.address, probe.target.port)}`;
    case 'udp':
      return `udp://${endpointOf(probe.target.address, probe.target.port)}`;
    case 'tls':
      return `tlshandshake://${endpointOf(probe.target.address, probe.target.port)}`;
    case 'http':
      return `http://${httpHost(probe)}${probe.path}`;
    case 'https':
      return `https://${httpHost(probe)}${probe.path}`;
    case 'quic':
      return `quichandshake://${endpointOf(probe.target.address, probe.target.port)}`;
    case 'ping':
    case 'traceroute':
      return `${probe.kind}://${probe.target.address}`;
    case 'dns':
      return `dnslookup://${probe.qname}`;
    case 'run':
    case 'script':
    case 'visit':
      return null;
  }
}

/** `2026-11-20 21:04:11`, from milliseconds since the epoch. */
const utc = (millis: number): string =>
  new Date(millis).toISOString().slice(0, 19).replace('T', ' ');
