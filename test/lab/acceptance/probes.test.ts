import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Observation } from '../../../src/model/observation.ts';
import type { ApplyReport } from './support/runner.ts';
import { CHECKOUT, apply, scratch } from './support/runner.ts';

describe('each kind of probe, on the wire', function () {
  this.timeout(120_000);
  const folder = scratch('probes');
  let report: ApplyReport;

  before(async () => {
    report = await apply(join(CHECKOUT, 'scenarios/probes.yaml'), {
      ...{ out: folder.path, timeout: 110_000 },
    });
  });
  after(() => folder.remove());

  const tshark = (filter: string, ...fields: string[]): string[] =>
    execFileSync('tshark', [
      ...['-r', join(report.results, 'captures/client.home.pcap'), '-Y', filter, '-T', 'fields'],
      ...fields.flatMap((field) => ['-e', field]),
    ])
      .toString()
      .split('\n')
      .filter((line) => line !== '');
  const observationOf = (flow: string): Observation => {
    const events = readFileSync(join(report.results, 'events.ndjson'), 'utf8').trim().split('\n');
    for (const line of events) {
      const event = JSON.parse(line) as { kind: string; observation?: Observation };
      if (event.observation?.flow === flow) return event.observation;
    }
    throw new Error(`No observation of ${flow}`);
  };
  const portOf = (flow: string): number => observationOf(flow).fiveTuple?.sourcePort ?? 0;

  it('meets its own expectations', () => {
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
  });

  it('splits a hello over segments and records as asked', () => {
    const port = portOf('tls-records');
    const sizes = tshark(`tcp.srcport == ${port} && tcp.len > 0`, 'tcp.len').map(Number);
    // Three records of 1, 5 and 40 bytes and the rest, each with 5 bytes before it: the first 20 in a segment of their own.
    expect(sizes[0]).to.equal(20);
    const [hello] = tshark(
      `tcp.srcport == ${port} && tls.handshake.extensions_server_name`,
      'tls.handshake.extensions_server_name',
    );
    expect(hello).to.equal('fine.example');
  });

  it('sends an ECH extension of random content', () => {
    const found = tshark(
      `tcp.srcport == ${portOf('tls-ech')} && tls.handshake.type == 1`,
      'tls.handshake.extension.type',
    );
    expect(found).to.have.lengthOf(1);
    expect(found[0]?.split(',')).to.include(String(0xfe0d));
  });

  it('sends the payloads of a traceroute with a rising TTL', () => {
    const ttls = tshark(
      'tls.handshake.extensions_server_name == "blocked.example" && ip.src == 10.10.1.1 && ip.ttl < 10',
      'ip.ttl',
    );
    expect([...new Set(ttls)]).to.deep.equal(['1', '2', '3']);
  });

  it('notes who answers at each TTL', () => {
    const { hops = [] } = observationOf('hello-forbidden');
    expect(
      hops.map(({ answers }) => answers.map(({ kind, address }) => [kind, address])),
    ).to.deep.equal([
      [['time-exceeded', '10.10.1.2']],
      [['time-exceeded', '10.10.2.2']],
      [['rst', '10.10.4.2']],
    ]);
  });
});
