import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Verdict } from '../../../src/model/verdict.ts';
import type { OoniMeasurement } from '../../../src/report/ooni/base.ts';
import { type ApplyReport, CHECKOUT, apply, scratch } from './support/runner.ts';

const RESIDUAL = `version: 1
name: residual
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, middle], delay: 2ms }
  outside: { subnet: 10.10.2.0/24, members: [middle, server], delay: 5ms }
censor:
  on: middle
  rules:
    - name: forbidden-sni
      match: { tls.sni: blocked.example }
      action: { reset: { sides: both } }
      residual: { key: 3-tuple, for: 3s, action: drop }
traffic:
  - { name: serve, on: server, serve: { tls: { names: [blocked.example, fine.example] } } }
  - { name: web, on: server, serve: { http: {} } }
  - { name: forbidden, from: client, to: server, probe: { tls: { sni: blocked.example } } }
  - { name: other-port, from: client, to: server, after: forbidden, probe: { http: {} } }
  - name: innocent
    from: client
    to: server
    after: other-port
    timeout: 700ms
    probe: { tls: { sni: fine.example } }
  - { name: later, from: client, to: server, after: innocent, at: 4s, probe: { tls: { sni: fine.example } } }
captures: [client, middle, server]
expect:
  - { flow: forbidden, stage: tls, outcome: tcp.reset, signature: "<SYN;ACK -> RST>", signal: injected-rst }
  - { flow: innocent, stage: dial, outcome: timeout, signature: null, signal: [silent-drop, residual-blocking] }
  - { flow: other-port, stage: content, outcome: match, signature: null }
  - { flow: later, failure: null }
`;

/** What the results folder has of each flow, by name. */
function verdictsOf({ results }: ApplyReport): Map<string, Verdict> {
  const verdicts = JSON.parse(readFileSync(join(results, 'verdicts.json'), 'utf8')) as Verdict[];
  return new Map(verdicts.map((verdict) => [verdict.flow, verdict]));
}

describe('signals', function () {
  this.timeout(60_000);
  const folder = scratch('signals');
  after(() => folder.remove());

  describe('of a censor that goes on blocking', () => {
    let report: ApplyReport;
    before(async () => {
      const file = join(folder.path, 'residual.yaml');
      writeFileSync(file, RESIDUAL);
      report = await apply(file, { out: folder.path });
    });

    it('are what the scenario asks for', () => {
      expect(report.expectations).to.have.length(4);
      expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    });

    it('tell the key and the seconds of the state', () => {
      const signals = verdictsOf(report).get('innocent')!.signals;
      const residual = signals.find(({ kind }) => kind === 'residual-blocking');
      expect(residual).to.include({ by: 'middle' });
      expect(residual!.detail).to.match(
        /after flow forbidden was: SYN dropped by middle; key: 3-tuple, another port was open \(10\.10\.1\.1 → 10\.10\.2\.2 port 443\)/,
      );
      expect(residual!.detail).to.match(/; open again [4-9]\.\d\d s after$/);
    });

    it('are none where nobody interferes', () => {
      const kinds = verdictsOf(report)
        .get('later')!
        .signals.map(({ kind }) => kind);
      // A busy machine may make a sender repeat itself.
      expect(kinds.filter((kind) => kind !== 'retransmission')).to.deep.equal([]);
    });

    it('go with every attempt in the data format of OONI', () => {
      const measurements = readFileSync(join(report.results, 'ooni.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as OoniMeasurement);
      const [forbidden, ...others] = measurements;
      expect(others).to.have.length(3);
      expect(forbidden!.annotations).to.include({ flow: 'forbidden', outcome: 'tcp.reset' });
      const { tcp_connect: connects, tls_handshakes: handshakes } = forbidden!.test_keys;
      expect(connects[0]!.status).to.deep.equal({ failure: null, success: true });
      expect(handshakes[0]).to.include({ failure: 'connection_reset', address: '10.10.2.2:443' });
      const operations = forbidden!.test_keys.network_events.map(({ operation }) => operation);
      expect(operations).to.deep.equal(['connect', 'tls_handshake_start', 'tls_handshake_done']);
    });
  });

  it('tell a forged answer to a client that captures alone', async () => {
    const captures = 'captures: [client]';
    const text = readFileSync(join(CHECKOUT, 'scenarios/dns-injection.yaml'), 'utf8')
      .replace(/^captures: .*$/m, captures)
      .replace(/^expect:[\s\S]*/m, 'expect: [{ flow: forbidden, signal: injected-dns }]\n');
    const file = join(folder.path, 'client-alone.yaml');
    writeFileSync(file, text);
    const report = await apply(file, { out: folder.path });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    const [signal] = verdictsOf(report).get('forbidden')!.signals;
    expect(signal!.detail).to.match(
      /^2 answers to one query: DNS answer 203\.0\.113\.7 and DNS answer 10\.10\.2\.3; /,
    );
    expect(signal).not.to.have.property('by');
  });
});
