// What works on one machine works on others: containers, labs that stay, the machine's own stack.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { IS_ROOT, apply, runRunner, said, scratch } from './support/runner.ts';
import type { RunResult } from './support/runner.ts';
import type { LabMachine } from '../machines/machine.ts';
import type { LabMachines } from '../machines/machines.ts';
import { startMachines } from '../machines/machines.ts';

const needRoot = (context: Mocha.Context): void => {
  if (IS_ROOT) return;
  process.stderr.write('      only root can make machines: run with sudo\n');
  context.skip();
};

/** What is on a machine beside ssh and its engine. */
async function leftOn(machine: LabMachine): Promise<readonly string[]> {
  const programs = machine
    .processes()
    .map(({ argv }) => argv.join(' '))
    .filter((text) => /keeper\.js|agent\.js|unshare/.test(text));
  return [
    ...programs,
    ...(await machine.interfaces()).filter((name) => /^(lo|eth0|docker0)$/.exec(name) === null),
  ];
}

describe('a container on another machine', function () {
  this.timeout(240_000);
  const folder = scratch('machines-containers');
  let machines: LabMachines | undefined;

  before(async function () {
    needRoot(this);
    machines = await startMachines({ machines: 2, words: { 2: ['engine'] } });
    const made = await machines
      .machine(2)
      .exec([
        'sh',
        '-c',
        'cd /tmp && mkdir -p r/bin && cp "$(command -v busybox)" r/bin/busybox && tar -C r -c . | docker import - lab/busybox:1',
      ]);
    expect(made.code, made.stderr).to.equal(0);
  });
  after(async () => {
    await machines?.dispose();
    folder.remove();
  });

  it('is on networks with nodes of other machines, gets files from here and gives files back', async () => {
    const on = machines;
    if (!on) throw new Error('The machines are up');
    writeFileSync(join(folder.path, 'words.txt'), 'from here\n');
    const file = join(folder.path, 'far-container.yaml');
    writeFileSync(
      file,
      `version: 1
name: far-container
inventory: ${on.inventory}
hosts: { client: { on: m1 } }
containers:
  server:
    on: m2
    image: lab/busybox:1
    pull: never
    command: [busybox, nc, -ll, -p, "9", -e, /bin/busybox, cat, /words.txt]
    stopGrace: 0s
    copy: { in: [{ from: words.txt, to: /words.txt }], out: [{ from: /words.txt, to: back.txt }] }
networks: { lan: { members: [client, server], delay: 2ms } }
traffic:
  - { name: greet, from: client, to: "server:9", probe: { tcp: {} } }
  - { name: inside, on: server, run: [busybox, echo, said-inside] }
captures: [client, server]
expect:
  - { flow: greet, failure: null }
  - { flow: inside, failure: null }
  - { container: server, state: running }
  - { capture: server, filter: "tcp[tcpflags] & tcp-syn != 0", count: ">=2" }
`,
    );
    const out = join(folder.path, 'out');
    const report = await apply(file, { ...on.controller, out, timeout: 200_000 });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    expect(readFileSync(join(report.results, 'files/server/back.txt'), 'utf8')).to.equal(
      'from here\n',
    );
    expect(readdirSync(join(report.results, 'logs')).join(' ')).to.contain('server');
    expect(existsSync(join(report.results, 'captures/server.lan.pcap'))).to.equal(true);
    const { stdout } = await on.machine(2).exec(['docker', 'ps', '--all', '--quiet']);
    expect(stdout).to.equal('');
    expect(await leftOn(on.machine(2))).to.deep.equal([]);
  });
});

describe('a lab that stays on several machines', function () {
  this.timeout(180_000);
  const folder = scratch('machines-stay');
  let machines: LabMachines;

  before(async function () {
    needRoot(this);
    machines = await startMachines({ machines: 2 });
  });
  after(async () => {
    await (machines as LabMachines | undefined)?.dispose();
    folder.remove();
  });

  const runner = (...args: readonly string[]): Promise<RunResult> =>
    runRunner(args, { ...machines.controller, cwd: folder.path, timeout: 60_000 });

  /** Other tests' labs may be up as well. */
  async function labOf(id: string): Promise<{ id: string; nodes: string[] } | undefined> {
    const listed = JSON.parse((await runner('ps', '--json')).stdout) as {
      id: string;
      nodes: string[];
    }[];
    return listed.find((lab) => lab.id === id);
  }

  it('is listed, entered, read and destroyed from here', async () => {
    writeFileSync(
      join(folder.path, 'stay.yaml'),
      `version: 1
name: stay
inventory: ${machines.inventory}
hosts: { client: { on: m1 }, server: { on: m2 } }
networks: { lan: { members: [client, server] } }
traffic: [{ name: serve, on: server, serve: { http: { port: 80 } } }]
`,
    );
    const up = await runner('up', 'stay.yaml', '--json');
    expect(up.code, said(up)).to.equal(0);
    const { lab } = JSON.parse(up.stdout) as { lab: string };
    try {
      const found = await labOf(lab);
      expect(found?.nodes).to.have.members(['client', 'server']);
      const ping = await runner('exec', lab, 'client', '--', 'ping', '-c1', '-W5', 'server');
      expect(ping.code, said(ping)).to.equal(0);
      const code = await runner(
        'exec',
        lab,
        'server',
        '--',
        'sh',
        '-c',
        'cat /proc/net/dev >&2; exit 7',
      );
      expect(code.code, said(code)).to.equal(7);
      expect(code.stderr).to.contain('server-lan');
      const got = await runner(
        'exec',
        lab,
        'client',
        '--',
        'curl',
        '-s',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        'http://server/',
      );
      expect(got.stdout, said(got)).to.equal('200');
      const logs = await runner('logs', lab, 'server');
      expect(logs.code, said(logs)).to.equal(0);
    } finally {
      const down = await runner('destroy', lab);
      expect(down.code, said(down)).to.equal(0);
    }
    expect(await labOf(lab)).to.equal(undefined);
    for (const index of [1, 2]) expect(await leftOn(machines.machine(index))).to.deep.equal([]);
  });

  it('shows what a machine has by itself', async () => {
    const { address } = machines.machine(1);
    const checks = await runner(
      ...['doctor', '--machine', `root@${address}`, '--identity', machines.identity],
      ...['--known-hosts', machines.knownHosts],
    );
    expect(checks.code, said(checks)).to.equal(0);
    expect(checks.stdout).to.contain(address);
  });
});

describe('a network across machines', function () {
  this.timeout(180_000);
  const folder = scratch('machines-network');
  let machines: LabMachines;

  before(async function () {
    needRoot(this);
    machines = await startMachines({ machines: 2 });
  });
  after(async () => {
    await (machines as LabMachines | undefined)?.dispose();
    folder.remove();
  });

  const scenario = (name: string, inventory: string, client: string, underlay: string): string =>
    `version: 1
name: ${name}
inventory: ${inventory}
machines: { m1: ${underlay}, m2: ${underlay} }
hosts: { client: ${client}, middle: { on: m1 }, server: { on: m2 } }
networks:
  near: { members: [client, middle], delay: 5ms }
  wide: { members: [middle, server], delay: 10ms, rate: 50mbit }
censor:
  on: middle
  rules: [{ name: sni, match: { tls.sni: blocked.example }, action: { reset: { sides: both } } }]
traffic:
  - { name: serve, on: server, serve: { tls: { port: 443, names: [blocked.example, fine.example] } } }
  - { name: bad, from: client, to: "server:443", probe: { tls: { sni: blocked.example } } }
  - { name: good, from: client, to: "server:443", probe: { tls: { sni: fine.example } } }
captures: [client, middle, server]
expect:
  - { flow: bad, failure: connection_reset, cause: injected-rst, by: middle }
  - { flow: good, failure: null, cause: null }
`;

  async function holds(name: string, text: string): Promise<void> {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, text);
    const options = { ...machines.controller, out: join(folder.path, 'out'), timeout: 120_000 };
    const report = await apply(file, options);
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    for (const index of [1, 2]) expect(await leftOn(machines.machine(index))).to.deep.equal([]);
  }

  it('joins nodes here with nodes there', () =>
    holds('here', scenario('here', machines.inventory, '{}', '{}')));

  it('goes over WireGuard', () =>
    holds(
      'wireguard',
      scenario('wireguard', machines.inventory, '{ on: m1 }', '{ underlay: { wireguard: true } }'),
    ));

  it('goes over IPv6', async () => {
    const addresses = [1, 2].map((index) => machines.machine(index));
    const text = addresses.reduce(
      (inventory, { address, address6 }) => inventory.replaceAll(`=${address} `, `=${address6} `),
      readFileSync(machines.inventory, 'utf8'),
    );
    for (const { address6 } of addresses) expect(text).to.contain(address6);
    const inventory = join(folder.path, 'six.ini');
    writeFileSync(inventory, text);
    const known = readFileSync(machines.knownHosts, 'utf8');
    const more = addresses.flatMap(({ address, address6 }) =>
      known
        .split('\n')
        .filter((line) => line.split(' ')[0]?.split(',').includes(address))
        .map((line) => line.replace(/^\S+/, address6)),
    );
    writeFileSync(machines.knownHosts, `${known.trimEnd()}\n${more.join('\n')}\n`);
    await holds('six', scenario('six', inventory, '{ on: m1 }', '{}'));
  });
});

describe("a machine's own stack", function () {
  this.timeout(120_000);
  const folder = scratch('machines-stack');
  let machines: LabMachines | undefined;

  before(async function () {
    needRoot(this);
    machines = await startMachines({ machines: 1 });
  });
  after(async () => {
    await machines?.dispose();
    folder.remove();
  });

  it('is in a network of the lab and has captures of its own interfaces, when somebody agrees', async () => {
    const on = machines;
    if (!on) throw new Error('The machine is up');
    const file = join(folder.path, 'stack.yaml');
    writeFileSync(
      file,
      `version: 1
name: stack
inventory: ${on.inventory}
hosts: { real: { on: m1, network: machine }, guest: { on: m1 } }
networks: { lan: { members: [real, guest] } }
traffic:
  - { name: echo, on: real, serve: { echo: { tcp: 7007 } } }
  - { name: ask, from: guest, to: "real:7007", probe: { tcp: {} } }
captures: [guest, { on: real, interface: eth0, filter: "tcp port 22" }]
expect: [{ flow: ask, failure: null }]
`,
    );
    const out = join(folder.path, 'out');
    const asked = await runRunner(['apply', file, '--out', out], on.controller);
    expect(asked.code, said(asked)).to.equal(2);
    expect(asked.stderr).to.contain('THE STACK OF THE MACHINE m1').and.contain('--yes');
    const before = await on
      .machine(1)
      .exec([
        'sh',
        '-c',
        'sysctl -a 2>/dev/null | grep -v -e random -e conf.real-lan -e neigh.real-lan; ip rule; ip route',
      ]);
    const report = await apply(file, { ...on.controller, out, flags: ['--yes'] });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    // Our own connection went by while the lab was up.
    expect(readFileSync(join(report.results, 'captures/real.eth0.pcap')).length).to.be.greaterThan(
      100,
    );
    expect(await leftOn(on.machine(1))).to.deep.equal([]);
    const after = await on.machine(1).exec(['sh', '-c', 'ip rule; ip route']);
    expect(before.stdout).to.contain(after.stdout);
  });
});
