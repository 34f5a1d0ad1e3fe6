import { expect } from 'chai';
import { networkInterfaces } from 'node:os';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../../../src/base/fault.ts';
import type { Lab } from '../../../src/lab/lab.ts';
import { PROTOCOL_VERSION } from '../../../src/model/rpc.ts';
import { newId, recordOf, runIn, startTestLab } from './labs.ts';
import { pairPlan, starPlan, withFolder } from './plans.ts';

describe('a lab', function () {
  this.timeout(60_000);

  async function withLab(action: (lab: Lab, folder: string) => Promise<void>): Promise<void> {
    await withFolder(async (folder) => {
      const lab = await startTestLab(newId());
      try {
        await action(lab, folder);
      } finally {
        await lab.close();
      }
    });
  }

  it('joins three hosts on a bridge by IPv4 and IPv6', () =>
    withLab(async (lab, directory) => {
      await lab.call('build', { plan: starPlan(3), directory }, 20_000);
      const record = recordOf(lab.id);
      expect(record.nodes).to.deep.equal(['h0', 'h1', 'h2']);
      for (const address of ['10.77.0.1', '10.77.0.2', 'fd77::1', 'fd77::2', 'h0']) {
        const ping = runIn(record, 'h2', 'ping', '-n', '-c', '1', '-W', '0.9', address);
        expect(ping.status, `${address}: ${ping.stdout}${ping.stderr}`).to.equal(0);
      }
    }));

  it('joins two hosts directly, with offloads off at both ends', () =>
    withLab(async (lab, directory) => {
      const plan = pairPlan([
        { kind: 'address', node: 'left', interface: 'left-wire', address: '10.1.0.1/30' },
        { kind: 'address', node: 'right', interface: 'right-wire', address: '10.1.0.2/30' },
        {
          kind: 'neighbour',
          node: 'left',
          interface: 'left-wire',
          address: '10.1.0.2',
          mac: '02:00:00:00:00:02',
        },
        { kind: 'sysctl', node: 'left', key: 'net.ipv4.conf.left-wire.rp_filter', value: '2' },
        {
          kind: 'route',
          node: 'left',
          route: {
            to: '10.2.0.0/16',
            via: '10.1.0.2',
            interface: 'left-wire',
            table: 7,
            kind: 'unicast',
            metric: 5,
          },
        },
        {
          kind: 'rule',
          node: 'left',
          rule: { family: 4, priority: 99, from: '10.9.0.0/16', fwmark: 3, table: 7 },
        },
        { kind: 'nat', node: 'left', nat: { interface: 'left-wire', masquerade: true } },
      ]);
      await lab.call('build', { plan, directory }, 20_000);
      const record = recordOf(lab.id);
      const left = (...argv: string[]): string => runIn(record, 'left', ...argv).stdout;
      expect(
        runIn(record, 'left', 'ping', '-n', '-c', '1', '-W', '0.9', '10.1.0.2').status,
      ).to.equal(0);
      expect(left('ip', 'neighbour')).to.contain(
        '10.1.0.2 dev left-wire lladdr 02:00:00:00:00:02 PERMANENT',
      );
      expect(left('ip', 'route', 'show', 'table', '7')).to.contain(
        '10.2.0.0/16 via 10.1.0.2 dev left-wire',
      );
      expect(left('ip', 'rule')).to.contain('from 10.9.0.0/16 fwmark 0x3 lookup 7');
      expect(left('sysctl', '-n', 'net.ipv4.conf.left-wire.rp_filter').trim()).to.equal('2');
      expect(left('nft', 'list', 'ruleset')).to.contain('oifname "left-wire" masquerade');
      for (const node of ['left', 'right'])
        expect(runIn(record, node, 'ethtool', '-k', `${node}-wire`).stdout).to.not.match(
          /^(rx-checksumming|tx-checksumming|scatter-gather|tcp-segmentation-offload|generic-(segmentation|receive)-offload): on/m,
        );
    }));

  it('has no way out, and the machine has no way in', () =>
    withLab(async (lab, directory) => {
      const before = Object.keys(networkInterfaces());
      await lab.call('build', { plan: starPlan(3), directory }, 20_000);
      const record = recordOf(lab.id);
      expect(runIn(record, 'h0', 'ip', 'route', 'get', '192.0.2.1').status).to.not.equal(0);
      expect(runIn(record, 'h0', 'ip', '-6', 'route', 'get', '2001:db8::1').status).to.not.equal(0);
      const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
      for (const { address } of own.filter(
        ({ internal, family }) => !internal && family === 'IPv4',
      ))
        expect(
          runIn(record, 'h0', 'ping', '-n', '-c', '1', '-W', '1', address).status,
        ).to.not.equal(0);
      expect(Object.keys(networkInterfaces())).to.deep.equal(before);
      const inward = spawnSync('ping', ['-n', '-c', '1', '-W', '1', '10.77.0.1']);
      expect(inward.status).to.not.equal(0);
      // The segment joins the lab's own links alone.
      const segment = spawnSync(
        'nsenter',
        [`--net=/proc/${record.agentPid}/ns/net`, 'ip', '-o', 'route'],
        { encoding: 'utf8' },
      );
      expect(segment.stdout).to.equal('');
    }));

  it('names its hosts in files that the programs of a node see as their own', () =>
    withLab(async (lab, directory) => {
      await lab.call('build', { plan: starPlan(3), directory }, 20_000);
      const record = recordOf(lab.id);
      const machine = readFileSync('/etc/hosts', 'utf8');
      expect(runIn(record, 'h1', 'cat', '/etc/hosts').stdout).to.contain('10.77.0.1 h0');
      expect(runIn(record, 'h1', 'cat', '/etc/resolv.conf').stdout).to.equal('');
      expect(readFileSync('/etc/hosts', 'utf8')).to.equal(machine);
    }));

  it("names the step that fails, its command, the kernel's words and what to do", () =>
    withLab(async (lab, directory) => {
      const plan = pairPlan([
        { kind: 'address', node: 'left', interface: 'left-wire', address: '10.1.0.1/30' },
        {
          kind: 'route',
          node: 'left',
          route: {
            to: '10.2.0.0/16',
            via: '10.99.0.2',
            interface: 'left-wire',
            table: 'main',
            kind: 'unicast',
          },
        },
      ]);
      const fault = await lab
        .call('build', { plan, directory }, 20_000)
        .catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(Fault);
      expect(fault).to.include({
        kind: 'machine',
        message:
          'Step "route-4" failed: "the command of route 4" gave ENETUNREACH: Nexthop has invalid gateway',
        help: "Give the route a next hop in one of the node's own networks",
      });
    }));

  it('refuses a runner of another version', () =>
    withLab(async (lab) => {
      const other = { protocol: PROTOCOL_VERSION + 1, labId: lab.id };
      const fault = await lab.call('hello', other, 5000).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(Fault).and.have.property('kind', 'machine');
    }));

  it('refuses what comes before "build"', () =>
    withLab(async (lab) => {
      const fault = await lab.call('startCaptures', {}, 5000).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(Fault).and.have.property('kind', 'run');
    }));

  it('builds a hundred hosts', () =>
    withLab(async (lab, directory) => {
      const start = performance.now();
      const { timings } = await lab.call('build', { plan: starPlan(100), directory }, 20_000);
      console.log(`      100 hosts in ${(performance.now() - start).toFixed(0)} ms`, timings);
      const ping = runIn(recordOf(lab.id), 'h99', 'ping', '-n', '-c', '1', '-W', '2', '10.77.0.1');
      expect(ping.status).to.equal(0);
      expect(existsSync(`${directory}/lab/h99.resolv.conf`)).to.equal(true);
    }));
});
