import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { Fault } from '../../../src/base/fault.ts';
import { enterArgv } from '../../../src/lab/enter.ts';
import type { Impairment, Plan } from '../../../src/model/plan.ts';
import { recordOf, runIn, waitFor } from './labs.ts';
import { withFolder } from './plans.ts';
import {
  type LabPart,
  type TestMachines,
  acrossPlan,
  buildAcross,
  createMachines,
  startOn,
  underlayOf,
} from './underlays.ts';

const SLOW: Impairment = {
  delay: 20,
  jitter: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  corruptRatio: 0,
  rate: null,
  queue: 1_000_000,
};

const ping = (lab: LabPart, node: string, ...argv: string[]): { ok: boolean; said: string } => {
  const run = runIn(recordOf(lab.id), node, 'ping', '-n', '-c', '1', '-W', '2', ...argv);
  return { ok: run.status === 0, said: run.stdout + run.stderr };
};

function need(part: LabPart | undefined): LabPart {
  if (!part) throw new Error('There is a part on each machine');
  return part;
}

describe('a network across machines', function () {
  this.timeout(60_000);
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });

  const across = (
    plan: Plan,
    action: (labs: LabPart[], machines: TestMachines, folder: string) => Promise<void> | void,
    options: { vniBase?: number; family?: 4 | 6; width?: number } = {},
  ): Promise<void> =>
    withFolder(async (folder) => {
      const machines = createMachines(plan.machines.length, options.width);
      try {
        const { labs } = await buildAcross(machines, plan, folder, options);
        try {
          await action(labs, machines, folder);
        } finally {
          await Promise.all(labs.map((lab) => lab.close()));
        }
      } finally {
        machines.close();
      }
    });

  const expectPing = (lab: LabPart | undefined, node: string, ...argv: string[]): void => {
    const { ok, said } = ping(need(lab), node, ...argv);
    expect(ok, `${node} → ${argv.join(' ')}: ${said}`).to.equal(true);
  };

  for (const family of [4, 6] as const)
    it(`joins members on three machines over IPv${family}, packets of its MTU whole`, () =>
      across(
        acrossPlan({ hosts: [2, 1, 1] }),
        ([first, second]) => {
          for (const address of ['10.78.1.2', '10.78.2.1', '10.78.3.1', 'fd78::3:1'])
            expectPing(first, 'm0h0', address);
          expectPing(second, 'm1h0', '10.78.3.1');
          // 28 bytes of IP and ICMP headers.
          expectPing(first, 'm0h0', '-M', 'do', '-s', String(1430 - 28), '10.78.3.1');
          if (first)
            expect(ping(first, 'm0h0', '-M', 'do', '-s', '1403', '10.78.3.1').ok).to.equal(false);
        },
        { family },
      ));

  it('impairs once, where frames are sent', () =>
    across(acrossPlan({ hosts: [1, 2], impairment: SLOW }), ([first, second]) => {
      expectPing(first, 'm0h0', '10.78.2.1');
      expectPing(second, 'm1h0', 'fd78::1:1');
      const { said } = ping(need(first), 'm0h0', '10.78.2.1');
      expect(Number(/time=([\d.]+)/.exec(said)?.[1])).to.be.within(20, 32);
      // Members of the other machine meet without us.
      const { said: near } = ping(need(second), 'm1h0', '10.78.2.2');
      expect(Number(/time=([\d.]+)/.exec(near)?.[1])).to.be.lessThan(8);
    }));

  for (const impairment of [undefined, { ...SLOW, delay: 1 }])
    it(`carries TCP in segments of the MTU with right checksums, ${impairment ? 'impaired' : 'unimpaired'}`, () =>
      across(
        acrossPlan({ hosts: [1, 1], ...(impairment && { impairment }) }),
        async ([first, second], _, folder) => {
          const [left, right] = [recordOf(need(first).id), recordOf(need(second).id)];
          const [program = '', ...rest] = enterArgv(right, 'm1h0', ['iperf3', '-s', '-1']);
          const server = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
          const file = `${folder}/seen.pcap`;
          const [dump = '', ...words] = enterArgv(right, 'm1h0', [
            ...['tcpdump', '-i', 'm1h0-net', '-n', '-U', '-c', '400', '-w', file, 'tcp'],
          ]);
          const capture = spawn(dump, words, { stdio: ['ignore', 'ignore', 'pipe'] });
          let said = '';
          capture.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text));
          await waitFor('tcpdump listens', () => said.includes('listening'));
          const ended = new Promise((resolve) => capture.on('close', resolve));
          await waitFor('the server listens', () =>
            runIn(right, 'm1h0', 'ss', '-Hltn').stdout.includes(':5201'),
          );
          const client = runIn(left, 'm0h0', 'iperf3', '-c', '10.78.2.1', '-n', '20M', '-J');
          expect(client.status, client.stdout).to.equal(0);
          await ended;
          server.kill();
          const { stdout } = spawnSync(
            'tshark',
            [
              ...['-r', file, '-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'],
              ...['-T', 'fields', '-e', 'frame.len', '-e', 'tcp.checksum.status'],
            ],
            { encoding: 'utf8' },
          );
          const frames = stdout
            .trim()
            .split('\n')
            .map((line) => line.split('\t').map(Number));
          expect(frames).to.have.length(400);
          for (const [length, status] of frames) {
            expect(length).to.be.at.most(1430 + 14);
            expect(status).to.equal(1);
          }
          expect(Math.max(...frames.map(([length = 0]) => length))).to.equal(1430 + 14);
        },
      ));

  it('leaves nothing in the stacks of its machines, and two labs share them', () =>
    withFolder(async (folder) => {
      const machines = createMachines(2);
      const plan = acrossPlan({ hosts: [1, 1] });
      const clean = [0, 1].map((index) => machines.run(index, 'ip', '-o', 'link'));
      const one = await buildAcross(machines, plan, folder, { vniBase: 1 });
      const two = await buildAcross(machines, plan, folder, { vniBase: 2 ** 24 });
      for (const { labs } of [one, two]) expectPing(labs[0], 'm0h0', '10.78.2.1');
      await Promise.all(one.labs.map((lab) => lab.close()));
      expectPing(two.labs[0], 'm0h0', '10.78.2.1');
      for (const lab of two.labs) process.kill(recordOf(lab.id).agentPid, 'SIGKILL');
      await Promise.all(two.labs.map((lab) => lab.ended));
      for (const index of [0, 1]) {
        await waitFor('the socket of VXLAN is gone', () => {
          return machines.run(index, 'ss', '-Hlun') === '';
        });
        expect(machines.run(index, 'ip', '-o', 'link')).to.equal(clean[index]);
      }
      machines.close();
    }));

  const faultOf = (plan: Plan, options: Parameters<typeof across>[2] = {}): Promise<unknown> =>
    across(plan, () => undefined, options).catch((error: unknown) => error);

  it('refuses an MTU that does not fit through, and says which does', async () => {
    const fault = await faultOf(acrossPlan({ hosts: [1, 1], mtu: 1500 }));
    expect(fault).to.be.instanceOf(Fault);
    expect(fault).to.include({ kind: 'machine', help: 'Write "mtu: 1450" for network "net"' });
    expect((fault as Fault).message).to.match(
      /^Network "net" has an MTU of 1500 bytes, which VXLAN makes 1550, and the way from machine "m\d" to machine "m\d" \(10\.66\.0\.\d\) carries 1500/,
    );
  });

  it('says when its network identifier is taken, and when an address is not its own', () =>
    withFolder(async (directory) => {
      const machines = createMachines(1);
      const plan = acrossPlan({ hosts: [1, 1] });
      machines.run(
        0,
        'ip',
        'link',
        'add',
        'other',
        'type',
        'vxlan',
        ...'id 4242 local 10.66.0.1 dstport 4789'.split(' '),
      );
      machines.run(0, 'ip', 'link', 'set', 'other', 'up');
      const wishes = [
        [underlayOf(0, 2), /has a VXLAN device of network identifier 4242 already/],
        [
          { ...underlayOf(0, 2), own: '10.66.0.9' },
          /does not have its underlay address itself: 10\.66\.0\.9/,
        ],
        [
          { ...underlayOf(0, 2), peers: { m1: '10.66.0.1' } },
          /Machines "m0" and "m1" have one underlay address/,
        ],
        [
          { ...underlayOf(0, 2), peers: { m1: '192.0.2.1' } },
          /no way to machine "m1" at 192\.0\.2\.1: ENETUNREACH/,
        ],
        [{ ...underlayOf(0, 2), peers: { m1: 'fd66::2' } }, /of IPv4 .* one of IPv6/],
      ] as const;
      for (const [underlay, wish] of wishes) {
        const lab = await startOn(machines, 0);
        const steps = plan.steps.filter(({ machine }) => machine === 'm0');
        const share = {
          ...plan,
          steps,
          nodes: plan.nodes.filter(({ machine }) => machine === 'm0'),
        };
        const fault = await lab
          .call('build', { plan: share, directory, underlay }, 20_000)
          .catch((error: unknown) => error);
        await lab.close();
        expect(fault).to.be.instanceOf(Fault).and.have.property('kind', 'machine');
        expect((fault as Fault).message).to.match(wish);
        expect((fault as Fault).help).to.be.a('string');
      }
      machines.close();
    }));
});
