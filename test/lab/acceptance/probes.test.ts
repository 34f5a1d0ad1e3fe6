import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Hop } from '../../../src/model/observation.ts';
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
  const hopsOf = (flow: string): readonly Hop[] => {
    const events = readFileSync(join(report.results, 'events.ndjson'), 'utf8').trim().split('\n');
    return events.flatMap((line) => {
      const event = JSON.parse(line) as { flow?: string; hops?: Hop[] };
      return event.flow === flow ? (event.hops ?? []) : [];
    });
  };

  it('meets its own expectations', () => {
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
  });

  it('splits a hello over segments and records as asked', () => {
    // Records of 1, 5 and 40 bytes and the rest, each with 5 bytes before it, of which the first 20 go in a segment of their own.
    const [first = ''] = tshark('tcp.dstport == 443 && tcp.len == 20', 'tcp.payload');
    expect(first).to.match(/^160301000101160301000500....../);
  });

  it('sends an ECH extension of random content', () => {
    const found = tshark('tls.handshake.extension.type == 65037', 'tls.handshake.extension.type');
    expect(found).to.have.lengthOf(1);
  });

  it('sends the payloads of a traceroute with a rising TTL', () => {
    const ttls = tshark(
      'tls.handshake.extensions_server_name == "blocked.example" && ip.src == 10.10.1.1 && ip.ttl < 10 && !icmp',
      'ip.ttl',
    );
    expect([...new Set(ttls)]).to.deep.equal(['1', '2']);
  });

  it('notes who answers at each TTL', () => {
    const kinds = (flow: string): string[][] =>
      hopsOf(flow).map(({ answers }) => answers.map(({ kind, address }) => `${kind} ${address}`));
    expect(kinds('hello').slice(0, 3)).to.deep.equal([
      ['time-exceeded 10.10.1.2'],
      ['time-exceeded 10.10.2.2'],
      ['time-exceeded 10.10.3.2'],
    ]);
    const [first, second = []] = kinds('hello-forbidden');
    expect(first).to.deep.equal(['time-exceeded 10.10.1.2']);
    expect(second).to.include('rst 10.10.4.2');
  });
});
