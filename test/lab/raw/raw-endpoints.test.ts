import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import type { PartyReport } from '../../../src/model/script.ts';

const run = promisify(execFile);
const EXPERIMENT = new URL('./experiment.ts', import.meta.url).pathname;

interface Seen {
  readonly reports: readonly PartyReport[];
  /** By side: source, TTL, flags, relative sequence and acknowledgment numbers, payload length. */
  readonly client: readonly string[];
  readonly server: readonly string[];
  readonly events: readonly AgentEvent[];
}

/** In a user namespace of its own: what an ordinary user has. */
async function experiment<T = Seen>(name: string): Promise<T> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
  const node = [process.execPath, '--import', 'ts-blank-space/register', EXPERIMENT, name];
  const { stdout } = await run('unshare', [...namespaces, '--', ...node], {
    timeout: 120_000,
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout) as T;
}

const failures = (reports: readonly PartyReport[]): (string | null)[] =>
  reports.map(({ failure }) => failure);
const resets = (lines: readonly string[]): string[] => lines.filter((line) => line.includes('R'));

describe('agent/raw', function () {
  this.timeout(150_000);

  it('run() puts exactly the segments on the wire that both sides wrote, and nothing else', async () => {
    const { reports, client, server, events } = await experiment('crafted');
    expect(failures(reports)).to.deep.equal([null, null]);
    expect(client).to.deep.equal([
      '10.1.0.1;;64;··········S·;0;0;0',
      '10.1.0.2;;64;·······A··S·;0;1;0',
      '10.1.0.1;;64;·······A····;1;1;0',
      '10.1.0.1;;64;·······AP···;1;1;4',
      '10.1.0.1;;1;·······AP···;5;1;4',
      '10.1.0.1;;64;·······AP···;11;1;5',
      '10.1.0.1;;64;·······AP···;5;1;8',
      '10.1.0.2;;64;·······AP···;1;16;5',
      '10.1.0.1;;64;·······A···F;16;6;0',
      '10.1.0.2;;64;·······A···F;6;17;0',
      '10.1.0.1;;64;·······A····;17;7;0',
    ]);
    expect(server).to.deep.equal(client);
    expect(events).to.deep.equal([]);
  });

  for (const name of ['stack', 'stack-6'])
    it(`run() leaves to our own TCP what a script leaves out (${name})`, async () => {
      const { reports, client, server, events } = await experiment(name);
      expect(failures(reports)).to.deep.equal([null, null]);
      expect(reports.map(({ received }) => received)).to.deep.equal([3, 100_000]);
      expect(resets([...client, ...server])).to.deep.equal([]);
      expect(client.filter((line) => line.includes('F'))).to.have.length(2);
      expect(events).to.deep.equal([]);
    });

  it('run() sends options, the urgent pointer, an MD5 signature, IP fields and fragments as written', async () => {
    const { reports, options } = await experiment<Seen & { options: readonly string[] }>('options');
    expect(failures(reports)).to.deep.equal([null, null]);
    // Identification, traffic class, more fragments, offset, window, urgent pointer, options. Ours are of the seed.
    const [syn = '', , urgent = '', first = '', last = ''] = options;
    expect(syn).to.match(/^0x0309;0x28;0;0;4321;0;020403e81312[0-9a-f]{32}0000$/);
    expect(urgent).to.match(/;0x00;0;0;65535;3;0101080a0000000100000002$/);
    expect(first).to.match(/;0x00;1;0;65535;0;$/);
    expect(last).to.match(/;0x00;0;3;;;$/);
  });

  it('run() reports a RST that neither side wrote as received', async () => {
    const { reports } = await experiment('reset');
    expect(failures(reports)).to.deep.equal(['connection_reset', null]);
  });

  it('run() takes a RST that the script waits for as what it is', async () => {
    const { reports, server } = await experiment('reset-awaited');
    expect(failures(reports)).to.deep.equal([null, null]);
    expect(resets(server)).to.deep.equal(['10.1.0.2;;64;·······A·R··;1;1;0']);
  });

  it('run() speaks to a server of the kernel: its side is left to it', async () => {
    const { reports, client } = await experiment('kernel-server');
    expect(reports.map(({ party, failure }) => [party, failure])).to.deep.equal([['client', null]]);
    expect(resets(client)).to.deep.equal([]);
  });

  it('run() serves a client of the kernel', async () => {
    const { page, reports, client } = await experiment<Seen & { page: string }>('kernel-client');
    expect(page).to.equal('page');
    expect(reports.map(({ party, failure }) => [party, failure])).to.deep.equal([['server', null]]);
    expect(resets(client)).to.deep.equal([]);
  });

  it('run() does not take a segment with a wrong checksum', async () => {
    const { reports, server } = await experiment('damaged');
    expect(failures(reports)).to.deep.equal([null, null]);
    expect(server.filter((line) => /;[34]$/.test(line))).to.have.length(2);
  });

  it('run() fails the step of a segment that the peer’s window would cut', async () => {
    const { reports, server } = await experiment('window');
    expect(failures(reports)[0]).to.match(/^unknown_failure: /);
    expect(reports[0]).to.include({
      step: '5',
      detail: "A segment of 200 bytes does not fit the peer's window of 120 bytes",
    });
    const sizes = server
      .filter((line) => line.startsWith('10.1.0.1'))
      .map((line) => line.split(';')[6]);
    expect(sizes.filter((size) => size !== '0')).to.deep.equal(['40', '100']);
  });

  it('run() counts segments that are not sent again, and writes them one after the other', async () => {
    const { reports, server } = await experiment('kept');
    expect(failures(reports)).to.deep.equal([null, null]);
    const sequences = server
      .filter((line) => line.endsWith(';5'))
      .map((line) => line.split(';')[4]);
    expect(sequences).to.deep.equal(['1', '6', '11', '16', '21']);
  });

  it('run() plays datagrams: UDP, fragments, any IP protocol, both families', async () => {
    const found = await experiment<{
      failures: Record<string, (string | null)[]>;
      datagrams: string[];
      events: AgentEvent[];
    }>('datagrams');
    expect(found.failures).to.deep.equal({
      udp: [null, null],
      'udp-6': [null, null],
      fragments: [null, null],
      gre: [null, null],
      'other-6': [null, null],
    });
    // IP protocol, next header, fragment offset, UDP length: no ICMP error is among them.
    expect(found.datagrams).to.deep.equal([
      '17;;0;12',
      '17;;0;12',
      ';17;;12',
      ';17;;12',
      '17;;0;108',
      '17;;6;',
      '47;;0;',
      ';253;;',
    ]);
    expect(found.events).to.deep.equal([]);
  });

  it('open() keeps the kernel out of exactly these ports, and stop() lets it back', async () => {
    const found = await experiment<Record<string, string>>('guard');
    expect(found['rules']).to.include(
      'ip saddr 10.1.0.1 ip daddr 10.1.0.2 tcp sport 40000 tcp dport 9000 drop',
    );
    expect(found['rules']).to.include('tcp sport 9000 tcp dport 40000 tcp flags & rst == rst drop');
    expect(found['elsewhere'], 'the client is the kernel').to.equal('');
    expect(found['other'], 'another port').to.equal('ECONNREFUSED');
    expect(found['guarded'], 'no RST').to.equal('');
    expect(found['after']).to.equal('');
  });

  it('open() refuses a second play between the same ports while the first lasts', async () => {
    const { failures: found, third } = await experiment<{ failures: unknown; third: string }>(
      'twice',
    );
    expect(found).to.deep.equal([null, null, null, null]);
    expect(third).to.include('plays already between the same addresses and ports');
  });

  it('run() plays between two parties of one node', async () => {
    const { failures: found } = await experiment<{ failures: unknown }>('loopback');
    expect(found).to.deep.equal([null, null]);
  });

  it('createKernelEgress() finds ways as the kernel has them, and says when there is none', async () => {
    const found = await experiment<Record<string, string>>('egress');
    expect(found['neighbour']).to.equal('client-wire 020000000102020000000101');
    expect(found['neighbour6']).to.equal('client-wire 020000000102020000000101');
    expect(found['self']).to.equal('lo 000000000000000000000000');
    expect(found['nobody']).to.include('Nobody at 10.1.0.77 says its MAC address on client-wire');
    expect(found['nowhere']).to.include('Nothing leads from 10.1.0.1 to 192.0.2.1');
  });
});
