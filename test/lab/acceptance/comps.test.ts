// CoMPS as a user has it: each period under load in both directions, a proxy that dies and comes back, and tunnels within tunnels of both
// families. `make soak` has all periods of the acceptance; the scenario that ships has 200 ms.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunManifest } from '../../../src/model/run.ts';
import type { TunnelRecord } from '../../../src/model/tunnel.ts';
import { obstacle } from '../agent/tunnel/comps-lab.ts';
import { asOrdinaryUser } from './support/ordinary-user.ts';
import { CHECKOUT, IS_ROOT, type RunOptions, apply, scratch } from './support/runner.ts';

const PERIODS = (process.env['COMPS_PERIODS'] ?? '20 1000').split(' ').map(Number);
const WHOLE_ROUNDS_S = 6;

const DEAD_PROXY = `version: 1
name: dead-proxy
hosts: { client: {}, proxy1: {}, proxy2: {}, proxy3: {}, exit: {}, server: {} }
networks:
  access:   { members: [client, proxy1, proxy2, proxy3] }
  backbone: { members: [proxy1, proxy2, proxy3, exit] }
  web:      { members: [exit, server] }
tunnels:
  wgnet1: { wireguard: { client: client, server: proxy1 } }
  wgnet2: { wireguard: { client: client, server: proxy2 } }
  wgnet3: { wireguard: { client: client, server: proxy3 } }
  wg0:
    wireguard: { client: client, server: exit }
    over: [wgnet1, wgnet2, wgnet3]
    migrate: { policy: round-robin, every: 100ms }
traffic:
  - { name: iperf, on: server, run: { background: true, command: [iperf3, -s] } }
  - { name: load, from: client, at: 100ms, timeout: 60s, run: [iperf3, -c, server, --bidir, -t, "6", -b, 5M] }
  - { name: dies, from: proxy2, at: 1s, run: [ip, link, set, proxy2-access, down] }
  - { name: returns, from: proxy2, at: 4s, run: [ip, link, set, proxy2-access, up] }
expect:
  - { tunnel: wg0, handshake: true, leaked: 0 }
  - { flow: load, failure: null, exitCode: 0 }
`;

const FRAGMENT = '"ip[6:2] & 0x3fff != 0 or ip6[6] = 44"';
const NESTED = `version: 1
name: nested
hosts: { client: {}, first: {}, second: {}, third: {}, server: {} }
networks:
  near:   { subnet: 10.10.1.0/24, members: [client, first] }
  middle: { subnet: fd00:2::/64, members: [first, second] }
  far:    { subnet: 10.10.3.0/24, members: [second, third] }
  web:    { subnet: [10.10.4.0/24, fd00:4::/64], members: [third, server] }
tunnels:
  outer:  { wireguard: { client: client, server: first, ipv6: true } }
  inner:  { wireguard: { client: client, server: second }, over: outer }
  inmost: { wireguard: { client: client, server: third, ipv6: true }, over: inner }
traffic:
  - { name: serve, on: server, serve: { http: { size: 300kB } } }
  - { name: four, from: client, to: server, family: 4, timeout: 20s, probe: { http: {} } }
  - { name: six, from: client, to: server, family: 6, after: four, timeout: 20s, probe: { http: {} } }
captures: [client, first, second, third]
expect:
  - { flow: four, failure: null, status: 200 }
  - { flow: six, failure: null, status: 200 }
  - { tunnel: outer, handshake: true }
  - { tunnel: inner, handshake: true, leaked: 0 }
  - { tunnel: inmost, handshake: true, leaked: 0 }
  - { capture: client.near, filter: ip and udp port 51820, count: ">= 400" }
  - { capture: first.middle, filter: ip6 and udp port 51820, count: ">= 400" }
  - { capture: second.far, filter: ip and udp port 51820, count: ">= 400" }
${[...['client.near', 'client.outer', 'client.inner', 'client.inmost'], ...['first.middle', 'second.far']].map((place) => `  - { capture: ${place}, filter: ${FRAGMENT}, count: 0 }\n`).join('')}`;

describe('CoMPS', function () {
  this.timeout(180_000);
  const folder = scratch('comps');
  const reason = obstacle();
  before(function () {
    if (reason === undefined) return;
    this.test?.parent?.tests.forEach((test) => (test.title += ` (skipped: ${reason})`));
    this.skip();
  });
  after(() => folder.remove());

  const run = async (file: string, options: RunOptions & { flags?: string[] } = {}) => {
    const report = await apply(file, { out: folder.path, timeout: 120_000, ...options });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    const manifest = readFileSync(join(report.results, 'run.json'), 'utf8');
    return JSON.parse(manifest) as RunManifest;
  };
  const write = (name: string, text: string): string => {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, text);
    return file;
  };

  for (const period of PERIODS)
    it(`leaks nothing, loses no connection and has each path carry its share every ${period} ms`, async () => {
      const settings = [`period=${period}ms`, `seconds=${period < 500 ? 3 : WHOLE_ROUNDS_S}`];
      const { tunnels } = await run(join(CHECKOUT, 'scenarios/comps.yaml'), {
        flags: settings.flatMap((setting) => ['--set', setting]),
      });
      process.stderr.write(`      ${describeRun(tunnels)}\n`);
    });

  it('keeps its connections while a proxy is dead, says when it was, and goes over it again', async () => {
    const { tunnels, warnings } = await run(write('dead-proxy', DEAD_PROXY));
    const paths = tunnels.find(({ name }) => name === 'wg0')?.paths ?? [];
    expect(paths.map(({ silences }) => silences.length)).to.deep.equal([0, 1, 0]);
    const [silence] = paths[1]?.silences ?? [];
    expect(silence?.to, 'it came back').to.be.greaterThan(silence?.from ?? Infinity);
    expect(warnings.join()).to.match(/^Tunnel wg0: nothing came by wgnet2 for [\d.]+ s from /);
  });

  it('goes through three tunnels, IPv6 in IPv4 in IPv6 in IPv4, without a fragment, as an ordinary user', async () => {
    const { through = [], ...user } = asOrdinaryUser(folder.path);
    await run(write('nested', NESTED), { ...user, through: [...openTun(folder.path), ...through] });
  });
});

/** Some machines have /dev/net/tun closed to ordinary users: what root starts through this has one that is open. */
function openTun(at: string): string[] {
  if (!IS_ROOT) return [];
  const device = join(at, 'tun');
  execFileSync('mknod', ['--mode=666', device, 'c', '10', '200']);
  const script = 'mount --bind "$0" /dev/net/tun && exec "$@"';
  return ['unshare', '--mount', 'sh', '-c', script, device];
}

function describeRun(tunnels: readonly TunnelRecord[]): string {
  const { paths, switched, leaked } = tunnels.find(({ name }) => name === 'wg0') ?? tunnels[0]!;
  const shares = paths.map(({ share }) => `${(share * 100).toFixed(1)}%`).join(' ');
  const bytes = paths.reduce((sum, path) => sum + path.bytes, 0);
  return `${shares} of ${(bytes / 1e6).toFixed(0)} MB, ${switched} switches, ${leaked} leaked`;
}
