import { expect } from 'chai';
import { ooniMeasurement } from '../../../src/report/ooni/base.ts';
import type { ProbeSpec } from '../../../src/model/traffic.ts';
import { REPORT } from '../fixture.ts';
import { DNS, HTTP, TLS, attempt } from './attempts.ts';

const [forbidden] = REPORT.verdicts;

describe('ooniMeasurement()', () => {
  it('has the keys of df-000, and no place in the world', () => {
    expect(ooniMeasurement(attempt(), forbidden, REPORT)).to.deep.include({
      data_format_version: '0.2.0',
      measurement_start_time: '2026-11-20 21:04:11',
      test_start_time: '2026-11-20 21:04:11',
      test_runtime: 0.1,
      test_name: 'netscenario_tlsping',
      software_name: 'netscenario',
      software_version: '0.1.0',
      probe_asn: 'AS0',
      probe_cc: 'ZZ',
      probe_ip: '127.0.0.1',
    });
  });

  it('says whose attempt it is and what the verdict on its flow is, as strings', () => {
    const { annotations } = ooniMeasurement(attempt({ attempt: 3 }), forbidden, REPORT);
    expect(annotations).to.deep.equal({
      scenario: 'censor',
      flow: 'forbidden',
      attempt: '3',
      node: 'client',
      planHash: REPORT.manifest.planHash,
      cause: 'injected-rst',
      by: 'middle',
      stage: 'tls',
      outcome: 'tcp.reset',
      signature: '⟨PSH+ACK→RST+ACK⟩',
      signals: 'injected-rst',
    });
  });

  const { target, timeout } = HTTP as Extract<ProbeSpec, { kind: 'http' }>;
  for (const [probe, name, input] of [
    [TLS, 'tlsping', 'tlshandshake://10.10.2.2:443'],
    [DNS, 'dnscheck', 'dnslookup://blocked.example'],
    [HTTP, 'urlgetter', 'http://blocked.example/page'],
    [{ kind: 'tcp', target, size: 0, timeout }, 'tcpping', 'tcpconnect://10.10.2.2:443'],
    [{ kind: 'udp', target, size: 9, timeout }, 'udpping', 'udp://10.10.2.2:443'],
    [{ kind: 'run', argv: ['curl'], environment: {}, timeout, background: false }, 'run', null],
  ] as const)
    it(`names a probe of kind ${probe.kind} and its input`, () => {
      const measurement = ooniMeasurement(attempt({}, probe), undefined, REPORT);
      expect(measurement).to.include({ test_name: `netscenario_${name}`, input });
    });
});
