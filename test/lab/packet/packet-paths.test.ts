import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { AgentEvent, LinkMeasurement } from '../../../src/model/rpc.ts';

const run = promisify(execFile);
const EXPERIMENT = new URL('./experiment.ts', import.meta.url).pathname;

/** In a user namespace of its own: what an ordinary user has. */
async function experiment<T>(...argv: readonly string[]): Promise<T> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
  const node = [process.execPath, '--import', 'ts-blank-space/register', EXPERIMENT];
  const { stdout } = await run('unshare', [...namespaces, '--', ...node, ...argv], {
    timeout: 60_000,
  });
  return JSON.parse(stdout) as T;
}

const losses = (events: readonly AgentEvent[]): AgentEvent[] =>
  events.filter(({ kind }) => kind !== 'censor' && kind !== 'statistics');

describe('agent/packet', function () {
  this.timeout(90_000);

  it('start() forwards through a ring as a router does: TTL, MTU, fragments, unreachables, both families', async () => {
    const found = await experiment<{
      through: string[];
      captured: string;
      expired: string[];
      tooBig: string[];
      fragmented: string;
      unknown: string[];
      own: string[];
    }>('forward');
    for (const text of found.through)
      expect(text).to.include(' 0% packet loss').and.include('ttl=63');
    expect(found.captured, 'sent frames show in captures of the interface').to.include(
      'Echo (ping) request',
    );
    expect(found.expired[0]).to.match(/From 10\.1\.0\.2 .*Time to live exceeded/);
    expect(found.expired[1]).to.match(/From fd00:1::2 .*Time exceeded: Hop limit/);
    expect(found.tooBig[0]).to.match(/mtu ?= ?1400/);
    expect(found.tooBig[1]).to.match(/mtu ?= ?1400/);
    expect(found.fragmented).to.include(' 0% packet loss');
    expect(found.unknown[0]).to.match(/From 10\.1\.0\.2 .*Destination Net Unreachable/);
    expect(found.unknown[1]).to.match(/From fd00:1::2 .*No route/);
    expect(found.unknown[2]).to.match(/From 10\.1\.0\.2 .*Destination Host Unreachable/);
    expect(found.unknown[3]).to.match(/From fd00:1::2 .*Address unreachable/);
    for (const text of found.own) expect(text).to.include(' 0% packet loss').and.include('ttl=64');
  });

  for (const [path, nat, dropped] of [
    ['ring', '', 'timeout'],
    ['nfqueue', '', 'timeout'],
    ['nfqueue', 'nat', 'timeout'],
    // Who only sees copies cannot drop.
    ['kernel', '', 'echo'],
  ] as const)
    it(`start() puts a censor on the path "${path}"${nat && ' with NAT'}: resets arrive, drops ${dropped === 'echo' ? 'do not count' : 'count'}`, async () => {
      const { outcomes, peer, events } = await experiment<{
        outcomes: Record<string, string>;
        peer: string;
        events: AgentEvent[];
      }>('censor', path, nat);
      expect(outcomes).to.deep.equal({
        '10.2.0.2 80': 'echo',
        '10.2.0.2 81': 'ECONNREFUSED',
        '10.2.0.2 82': dropped,
        'fd00:2::2 80': 'echo',
        'fd00:2::2 81': 'ECONNREFUSED',
        'fd00:2::2 82': dropped,
      });
      expect(peer).to.equal(nat === 'nat' ? '::ffff:10.2.0.1' : '::ffff:10.1.0.1');
      const resets = events.filter((event) => event.kind === 'censor' && event.action === 'reset');
      expect(resets).to.have.length.at.least(2);
      expect(losses(events)).to.deep.equal([]);
    });

  for (const path of ['ring', 'nfqueue'] as const)
    it(`start() sends what a censor holds when it is due: a shaped flow on the path "${path}"`, async () => {
      const found = await experiment<{
        length: number;
        isEqual: boolean;
        millis: number;
        events: AgentEvent[];
      }>('throttle', path);
      expect(found.isEqual).to.equal(true);
      // 400 kB at 8 Mbit/s last 400 ms, less the burst.
      expect(found.millis).to.be.within(350, 10_000);
      expect(losses(found.events)).to.deep.equal([]);
    });

  it('start() passes segmentation and checksum offload from one interface to the next', async () => {
    const found = await experiment<{ length: number; isEqual: boolean; events: AgentEvent[] }>(
      'offload',
    );
    expect(found.length).to.equal(20_000_000);
    expect(found.isEqual).to.equal(true);
  });

  it('measure() finds the delay and rate of a switch that carries unicast and groups among three members', async () => {
    const { links, pings, group } = await experiment<{
      links: LinkMeasurement[];
      pings: string[];
      group: string;
    }>('switch');
    expect(links.map(({ from, to }) => `${from} → ${to}`)).to.deep.equal([
      'a → b',
      'b → c',
      'c → a',
    ]);
    for (const link of links) {
      expect(link.delay).to.be.within(10, 30);
      expect(link.rate).to.be.within(10e6, 75e6);
      expect(link.lossRatio).to.equal(0);
    }
    for (const text of pings) {
      expect(text).to.include(' 0% packet loss');
      expect(Number(/min\/avg\/max\/mdev = ([\d.]+)/.exec(text)?.[1])).to.be.at.least(20);
    }
    expect(group.match(/64 bytes from fe80/g)?.length ?? 0).to.be.at.least(3);
  });

  it('stop() ends at once although frames still wait, and again does nothing', async () => {
    const { stopping, events } = await experiment<{ stopping: number; events: AgentEvent[] }>(
      'drain',
    );
    expect(stopping).to.be.below(2_500);
    expect(events).to.deep.equal([]);
  });
});
