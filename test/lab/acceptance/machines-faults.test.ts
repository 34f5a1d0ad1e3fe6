// What may go wrong with a machine: each time runner says so, exits 3 or 4, and nothing of it stays there.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LabMachine, MachineProcess } from '../machines/machine.ts';
import { type LabMachines, startMachines } from '../machines/machines.ts';
import { signalAll } from '../ssh/signal-all.ts';
import {
  IS_ROOT,
  type Running,
  type RunOptions,
  type RunResult,
  said,
  scratch,
  startRunner,
} from './support/runner.ts';

const DEAD_MAN_S = 6;

/** Two nodes on the machine m1 whose captures grow for some time. */
const scenario = (seconds: number, more = ''): string => `version: 1
name: far
params: { inventory: { type: string } }
inventory: \${params.inventory}
machines: { m1: { deadMan: ${DEAD_MAN_S}s } }
hosts: { client: { on: m1 }, server: { on: m1 } }
networks: { lan: { members: [client, server] } }
traffic:
  - { name: echo, on: server, serve: { echo: { tcp: 7 } } }
  - { name: ping, from: client, to: server:7, probe: { tcp: {} } }
  - { name: busy, on: client, run: [sleep, "${seconds}"] }
${more}captures: [client]
expect: [{ flow: ping, failure: null }]
`;

/** Packets that make the capture grow. */
const FLOOD = `  - { name: flood, on: client, run: [bash, -c, "while head -c 1400 /dev/zero >/dev/udp/server/9; do :; done"] }
`;

describe('a machine at fault', function () {
  this.timeout(120_000);
  const folder = scratch('machines-faults');
  let machines: LabMachines | undefined;
  let far: LabMachine;
  let files = 0;

  before(function () {
    if (IS_ROOT) return;
    process.stderr.write('      only root can make machines: run with sudo\n');
    this.skip();
  });
  afterEach(async () => {
    await machines?.dispose();
    machines = undefined;
  });
  after(() => {
    folder.remove();
  });

  /** One machine of these words. */
  async function begin(...words: string[]): Promise<LabMachines> {
    machines = await startMachines({ machines: 1, every: words });
    far = machines.machine(1);
    return machines;
  }

  function applying({ controller, inventory }: LabMachines, text: string = scenario(0)): Running {
    files += 1;
    const file = join(folder.path, `scenario-${files}.yaml`);
    writeFileSync(file, text);
    const { through, environment } = controller;
    const options: RunOptions = { through, environment, timeout: 90_000 };
    const set = ['--set', `inventory=${inventory}`, '--out', join(folder.path, 'out')];
    return startRunner(['apply', file, ...set], options);
  }

  const apply = (on: LabMachines, text?: string): Promise<RunResult> => applying(on, text).ended;

  function expectFault(result: RunResult, code: 3 | 4, message: RegExp): void {
    expect(result.code, said(result)).to.equal(code);
    expect(result.stderr + result.stdout).to.match(message);
    expect(result.stderr + result.stdout).to.match(/help: \S/);
  }

  /** Whatever of ours still runs there; connections of ssh that are being closed are none of it. */
  const left = (): readonly MachineProcess[] =>
    far.processes().filter(({ argv }) => argv[0]?.startsWith('sshd') !== true);

  /** Awaits that no process, interface or folder of a lab is there any more. */
  async function expectClean(within = 10_000): Promise<void> {
    await until(
      () => left().length === 0,
      within,
      () => JSON.stringify(left()),
    );
    expect([...(await far.interfaces())].toSorted()).to.deep.equal(['eth0', 'lo']);
    expect(farLabFolders(far)).to.deep.equal([]);
  }

  /** Awaits that the lab's last program runs there. */
  const untilBusy = (): Promise<void> =>
    until(
      () => far.processes().some(({ argv }) => argv[0] === 'sleep' && argv[1] !== 'infinity'),
      60_000,
      () => JSON.stringify(far.processes()),
    );

  it('applies a scenario there, where nothing is amiss', async () => {
    const result = await apply(await begin());
    expect(result.code, said(result)).to.equal(0);
    await expectClean();
  });

  it('refuses a wrong key', async () => {
    const on = await begin();
    await on.run(['rm', on.identity, `${on.identity}.pub`]);
    await on.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', on.identity]);
    expectFault(await apply(on), 3, /"m1".*refuses the login|refuses the login.*"m1"/i);
    await expectClean();
  });

  it('refuses a changed host key, with both fingerprints and how to accept it', async () => {
    const on = await begin();
    await far.changeHostKey();
    const result = await apply(on);
    expectFault(result, 3, /host key of .*m1.* has changed/);
    expect(result.stderr.match(/SHA256:[A-Za-z0-9+/]{43}/g)).to.have.length.of.at.least(2);
    expect(result.stderr).to.match(/ssh-keygen|ssh-keyscan/);
    await expectClean();
  });

  it('refuses an unknown host key, with its fingerprint', async () => {
    const on = await begin();
    writeFileSync(on.knownHosts, '');
    const result = await apply(on);
    expectFault(result, 3, /host key of .*m1.* is unknown.*SHA256:/);
    await expectClean();
  });

  for (const [word, message] of [
    ['sudo=refused', /sudo.*"m1"/],
    ['sudo=absent', /sudo/],
    ['sudo=password', /sudo on machine "m1" .*wants a password and there is no terminal/],
  ] as const)
    it(`says that nobody becomes root with ${word}`, async () => {
      expectFault(await apply(await begin(word)), 3, message);
      await expectClean();
    });

  it('brings Node.js and libpcap where there is none', async () => {
    const result = await apply(await begin('no-node', 'no-libpcap'));
    expect(result.code, said(result)).to.equal(0);
    await expectClean();
  });

  it('says that the kernel is too old', async () => {
    expectFault(await apply(await begin('old-kernel')), 3, /"m1" runs Linux 2\.6\..* or newer/);
    await expectClean();
  });

  it('says that the disk is full before the lab is up', async () => {
    expectFault(await apply(await begin('disk=2m')), 3, /m1.*no space left/is);
    await expectClean();
  });

  it('says that the disk is full while captures grow', async () => {
    const on = await begin();
    const running = applying(on, scenario(600, FLOOD));
    await untilBusy();
    await far.exec(['sh', '-c', 'cat /dev/zero > /home/fill; true']);
    const result = await running.ended;
    expect(result.code, said(result)).to.be.oneOf([3, 4]);
    expect(result.stderr).to.match(/no space left|ENOSPC/i);
    await far.exec(['rm', '/home/fill']);
    await expectClean();
  });

  it('says that the agent was killed', async () => {
    const running = applying(await begin(), scenario(600));
    await untilBusy();
    const agents = far
      .processes()
      .filter(({ argv }) => argv.some((word) => word.endsWith('/agent.js')));
    signalAll(
      agents.flatMap(({ pid, argv }) => (argv[0]?.includes('node') ? [pid] : [])),
      'SIGKILL',
    );
    expectFault(await running.ended, 4, /m1/);
    await expectClean();
  });

  it('loses nothing when the network is gone for five seconds', async () => {
    const running = applying(await begin(), scenario(12));
    await untilBusy();
    await far.cut();
    await delay(5000);
    await far.restore();
    const result = await running.ended;
    expect(result.code, said(result)).to.equal(0);
    await expectClean();
  });

  it('leaves nothing when the network is gone for longer than the dead-man time', async () => {
    const running = applying(await begin(), scenario(600));
    await untilBusy();
    await far.dropSilently();
    await expectClean((DEAD_MAN_S + 10) * 1000);
    expectFault(await running.ended, 4, /m1/);
  });

  it('says what may still run when it is interrupted while the network is gone', async () => {
    const patient = scenario(600).replace(`deadMan: ${DEAD_MAN_S}s`, 'deadMan: 25s');
    const running = applying(await begin(), patient);
    await untilBusy();
    await far.dropSilently();
    running.process.kill('SIGINT');
    const result = await running.ended;
    expect(result.code, said(result)).to.equal(130);
    expect(result.stderr).to.match(/"m1": nobody knows whether lab [0-9a-f]{8} is down/);
    await expectClean(40_000);
  });

  it('leaves nothing when the controller is killed', async () => {
    const running = applying(await begin(), scenario(600));
    await untilBusy();
    running.process.kill('SIGKILL');
    await running.ended;
    await expectClean((DEAD_MAN_S + 10) * 1000);
  });

  it('lets two controllers use one machine', async () => {
    const on = await begin();
    const [first, second] = await Promise.all([apply(on, scenario(2)), apply(on, scenario(3))]);
    expect([first.code, second.code], said(first) + said(second)).to.deep.equal([0, 0]);
    await expectClean();
  });
});

/** Folders of labs in any user's cache there. */
const farLabFolders = ({ pid }: LabMachine): string[] =>
  ['root', 'home/lab'].flatMap((home) =>
    foldersIn(`/proc/${pid}/root/${home}/.cache/netscenario/labs`),
  );

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

const delay = (ms: number): Promise<void> => new Promise((settle) => setTimeout(settle, ms));

async function until(holds: () => boolean, within: number, found: () => string): Promise<void> {
  const deadline = performance.now() + within;
  while (!holds()) {
    if (performance.now() > deadline)
      throw new Error(`Expected it within ${within} ms, found ${found()}`);
    await delay(50);
  }
}
