import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../../src/base/fault.ts';
import { connectAgent } from '../../../src/lab/agent-client.ts';
import { collect } from '../../../src/lab/far/collect.ts';
import { FAR_RUNNER, type FarAgent, type FarMachine } from '../../../src/lab/far/far-machine.ts';
import { type OpenOptions, openFarMachine } from '../../../src/lab/far/open-far-machine.ts';
import { remoteCommand } from '../../../src/lab/far/remote-command.ts';
import { connectSsh } from '../../../src/ssh/connect.ts';
import { newId, waitFor } from '../lab/labs.ts';
import { signalAll } from '../ssh/signal-all.ts';
import { type FarHost, type FarHostOptions, PASSWORD, startFarHost } from './far-host.ts';

const CACHE = '/home/edge/.cache/netscenario';
const NO_NODE =
  'for node in /usr/bin/node /usr/bin/nodejs /usr/local/bin/node /usr/local/bin/nodejs; do if [ -e "$node" ]; then mount --bind /dev/null "$node"; fi; done';
const LIBRARIES = '/usr/lib/x86_64-linux-gnu';
const hide = (names: string): string =>
  `mkdir /home/over /home/over/upper /home/over/work; mount -t overlay -o lowerdir=${LIBRARIES},upperdir=/home/over/upper,workdir=/home/over/work overlay ${LIBRARIES}; (cd ${LIBRARIES}; rm ${names})`;

describe('openFarMachine()', function () {
  this.timeout(90_000);
  const hosts: FarHost[] = [];
  const machines: FarMachine[] = [];

  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });
  afterEach(async () => {
    for (const machine of machines.splice(0)) machine.close();
    await Promise.all(hosts.splice(0).map((host) => host.stop()));
  });

  const begin = async (options?: FarHostOptions): Promise<FarHost> => {
    const host = await startFarHost(options);
    hosts.push(host);
    return host;
  };
  const open = async (host: FarHost, options: Partial<OpenOptions> = {}): Promise<FarMachine> => {
    const machine = await openFarMachine({
      ...{ machine: host.machine, folder: host.folder, ask: () => Promise.resolve(null) },
      ...options,
    });
    machines.push(machine);
    return machine;
  };
  const become = (host: FarHost): Pick<OpenOptions, 'machine'> => ({
    machine: { ...host.machine, become: 'sudo' },
  });

  it('says where it has got and as whom, and pushes the bundle only once', async () => {
    const host = await begin();
    const told: string[] = [];
    const first = await open(host, { onProgress: (text) => told.push(text) });
    expect(told).to.deep.equal(['pushing runner to machine "edge"']);
    expect(first.facts).to.include({ address: '127.0.0.1', peer: '127.0.0.1', uid: 7001 });
    expect(first.facts.reached).to.match(/^edge@127\.0\.0\.1:\d+$/);
    expect(first.facts.kernel).to.match(/^Linux \d+/);
    await open(host, { onProgress: (text) => told.push(text) });
    expect(told).to.have.length(1);
    expect(host.run(`ls ${CACHE}`).trim().split('\n')).to.have.length(1);
  });

  it('lets several runners push at once', async () => {
    const host = await begin();
    await Promise.all([open(host), open(host), open(host)]);
    expect(host.run(`ls ${CACHE}`).trim().split('\n')).to.have.length(1);
  });

  for (const shell of ['/bin/sh', '/bin/bash', '/usr/bin/fish', '/bin/tcsh'])
    it(`runs programs with their arguments, codes and input through ${shell}`, async function () {
      if (!existsSync(shell)) this.skip();
      const host = await begin({ shell });
      const machine = await open(host);
      const words = ["it's", 'two\nlines', '!x', '\\\\', '$HOME', '', '*', 'ä\\n'];
      const channel = await machine.run(['printf', '%s|', ...words]);
      expect((await collect(channel, 10_000, 'printf')).stdout).to.equal(`${words.join('|')}|`);
      const code = await collect(await machine.run(['sh', '-c', 'exit 7']), 10_000, 'sh');
      expect(code.code).to.equal(7);
      const version = await collect(await machine.run([FAR_RUNNER, '--version']), 10_000, 'runner');
      expect(version.stdout).to.match(/^\d+\.\d+\.\d+/);
    });

  it('brings Node.js to a machine that has none', async () => {
    const host = await begin({ setup: NO_NODE });
    const told: string[] = [];
    const machine = await open(host, { onProgress: (text) => told.push(text) });
    expect(told.join()).to.contain('pushing Node.js');
    await speaks(await startAgent(machine));
  });

  it('brings the libraries that a machine lacks, which no program of the lab sees', async () => {
    const host = await begin({ setup: `${NO_NODE}; ${hide('libpcap.so* libstdc++.so*')}` });
    const machine = await open(host);
    const agent = await startAgent(machine);
    await speaks(agent);
    const pids = host.find('agent.js');
    expect(pids).not.to.be.empty;
    const runner = await collect(await machine.run([FAR_RUNNER, 'doctor']), 30_000, 'doctor');
    expect(runner.stdout).to.match(/libpcap\s+.*loads|✔ libpcap/);
    const scenario = [
      ...['version: 1', 'name: look', 'hosts: { one: {}, two: {} }'],
      'networks: { net: { subnet: 10.0.0.0/24, members: [one, two] } }',
      'traffic: [{ name: look, on: one, run: [sh, -c, \'test -z "$LD_LIBRARY_PATH"\'] }]',
      'expect: [{ flow: look, exitCode: 0 }]',
    ].join('\n');
    const look = 'cd && printf %s "$1" > look.yaml && shift && exec "$@" apply look.yaml';
    const run = `${CACHE}/*/run`;
    const argv = ['sh', '-c', look.replace('"$@"', `${run} runner`), 'sh', scenario];
    const applied = await collect(await machine.run(argv), 60_000, 'apply');
    expect(applied.code, `${applied.stdout}${applied.stderr}`).to.equal(0);
  });

  it('refuses a kernel that is too old, and says why', async () => {
    const host = await begin({ under: ['setarch', '--uname-2.6'] });
    await faultOf(
      open(host),
      'machine',
      /runs Linux 2\.6\S*, and labs need Linux 4\.18.*Node\.js 20/,
    );
    expect(host.run(`ls -A /home/edge`)).to.equal('');
  });

  it('says that the disk is full, and leaves no half bundle', async () => {
    const host = await begin({
      setup: `mkdir -p ${CACHE}; mount -t tmpfs -o size=1m,uid=7001 tmpfs ${CACHE}; chown -R edge /home/edge/.cache`,
    });
    await faultOf(open(host), 'machine', /no space|full|ENOSPC|Failure/i);
    expect(host.run(`ls -A ${CACHE}`)).to.equal('');
  });

  it('says that there is no room for a lab', async () => {
    const host = await begin({
      setup: `mkdir -p ${CACHE}/labs; mount -t tmpfs -o nr_inodes=1,uid=7001 tmpfs ${CACHE}/labs; chown -R edge /home/edge/.cache`,
    });
    const machine = await open(host);
    await faultOf(startAgent(machine), 'machine', /takes no lab: .*no space/i);
    await waitFor('the keeper to go', () => host.find('keeper.js').length === 0);
  });

  it('becomes root by sudo without a password', async () => {
    const host = await begin({ sudo: 'ALL=(ALL) NOPASSWD: ALL' });
    const machine = await open(host, become(host));
    expect(machine.facts.uid).to.equal(0);
    const agent = await startAgent(machine);
    expect(agent.directory).to.match(/^\/root\//);
    await speaks(agent);
    await end(agent);
    expect(host.run('ls /root/.cache/netscenario/labs')).to.equal('');
  });

  it('asks once for the password of sudo, again when it is wrong, and shows it to nobody', async () => {
    const host = await begin({ sudo: 'ALL=(ALL) ALL' });
    host.run('echo "Defaults timestamp_timeout=0" >> /etc/sudoers');
    const answers = ['wrong', PASSWORD];
    const asked: string[] = [];
    const machine = await open(host, {
      ...become(host),
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answers.shift() ?? null);
      },
    });
    expect(asked).to.have.length(2);
    expect(asked[0]).to.match(/^Password of edge@127\.0\.0\.1:\d+ for sudo on machine "edge": $/);
    expect(asked[1]).to.match(/did not take it/);
    const agent = await startAgent(machine);
    await speaks(agent);
    expect(asked).to.have.length(2);
    const shown = host.run('cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" "\\n"');
    expect(shown).not.to.contain(PASSWORD);
    const terminal = { term: 'xterm', columns: 80, rows: 24 };
    const shell = await machine.run(
      ['sh', '-c', 'read line; echo "got $line"; id -u; exit 5'],
      terminal,
    );
    shell.stdin.write('word\r');
    let said = '';
    shell.stdout.on('data', (bytes: Buffer) => void (said += bytes.toString()));
    expect((await shell.ended).code).to.equal(5);
    expect(said)
      .to.match(/got word\r\n0\r\n/)
      .and.not.to.contain(PASSWORD);
  });

  it('says what sudo wants and cannot have', async () => {
    const host = await begin({ sudo: 'ALL=(ALL) ALL' });
    const fault = await faultOf(
      open(host, become(host)),
      'machine',
      /wants a password and there is no terminal/,
    );
    expect(fault.help).to.contain('NOPASSWD');
    await faultOf(
      open(host, { ...become(host), ask: () => Promise.resolve('wrong') }),
      'machine',
      /Cannot become root.*3 incorrect password attempts/,
    );
  });

  it('repeats what sudo says to one who may not', async () => {
    const host = await begin();
    await faultOf(
      open(host, { ...become(host), ask: () => Promise.resolve(PASSWORD) }),
      'machine',
      /Cannot become root.*not in the sudoers file|Cannot become root.*not allowed/,
    );
  });

  it('says that there is no sudo', async () => {
    const host = await begin({ setup: 'mount --bind /dev/null /usr/bin/sudo' });
    await faultOf(open(host, become(host)), 'machine', /sudo is not installed/);
  });

  it('refuses a keeper of another protocol', async () => {
    const host = await begin();
    await open(host);
    const { ssh: destination, name } = host.machine;
    if (!destination) throw new Error('it is reached by ssh');
    const ask = (): Promise<null> => Promise.resolve(null);
    const connection = await connectSsh({ machine: name, destination, folder: host.folder, ask });
    const order = JSON.stringify({ protocol: 99, abi: process.versions.modules, labId: newId() });
    const script = `echo '${order}' | ${CACHE}/*/run keeper start`;
    const said = await collect(await connection.exec(remoteCommand(script, [])), 10_000, 'keeper');
    connection.close();
    expect(said.stdout).to.match(/"refused".*protocol 1 and this runner protocol 99/);
    expect(host.run(`ls -A ${CACHE}/labs 2>/dev/null || true`)).to.equal('');
  });

  describe('startAgent()', () => {
    it('starts an agent in its own folder, which is gone with it', async () => {
      const host = await begin();
      const agent = await startAgent(await open(host));
      expect(host.run(`ls -d ${agent.directory}`).trim()).to.equal(agent.directory);
      await speaks(agent);
      expect(await end(agent)).to.deep.equal({ reason: 'exit code 0', wasKilled: false });
      expect(host.run(`ls -A ${CACHE}/labs`)).to.equal('');
      await waitFor('the keeper to end', () => host.find('keeper.js').length === 0);
    });

    it('says that the agent was killed', async () => {
      const host = await begin();
      const agent = await startAgent(await open(host));
      await speaks(agent);
      signalAll(host.find('agent.js'), 'SIGKILL');
      expect(await agent.ended).to.include({ wasKilled: true });
      expect(host.run(`ls -A ${CACHE}/labs`)).to.equal('');
    });

    it('says that the keeper was killed, and clears away what it left', async () => {
      const host = await begin();
      const agent = await startAgent(await open(host));
      await speaks(agent);
      signalAll(host.find('keeper.js start'), 'SIGKILL');
      const { reason, wasKilled } = await agent.ended;
      expect(wasKilled).to.equal(true);
      expect(reason).to.contain('its keeper was killed');
      expect(host.find('agent.js')).to.be.empty;
      expect(host.run(`ls -A ${CACHE}/labs`)).to.equal('');
    });

    for (const sudo of [false, true])
      it(`goes on after the ssh session was killed${sudo ? ', and its sudo' : ''}`, async () => {
        const host = await begin({ sudo: 'ALL=(ALL) NOPASSWD: ALL' });
        const notices: string[] = [];
        const machine = await open(host, {
          ...(sudo ? become(host) : {}),
          onNotice: (text) => notices.push(text),
        });
        const agent = await startAgent(machine);
        const ask = await speaks(agent);
        const listener = host.find('[listener]');
        const session = [...host.sshds(), ...(sudo ? host.find('sudo -S') : [])];
        signalAll(
          session.filter((pid) => !listener.includes(pid)),
          'SIGKILL',
        );
        await ask();
        await ask();
        expect(await end(agent)).to.deep.equal({ reason: 'exit code 0', wasKilled: false });
      });

    it('loses nothing in five seconds of silence', async () => {
      const host = await begin();
      const agent = await startAgent(await open(host));
      const ask = await speaks(agent);
      const stopped = host.sshds();
      signalAll(stopped, 'SIGSTOP');
      const answer = ask();
      await sleep(5500);
      signalAll(stopped, 'SIGCONT');
      await answer;
      await ask();
      expect(await end(agent)).to.deep.equal({ reason: 'exit code 0', wasKilled: false });
    });

    it('ends when the way is lost for longer than the dead-man time, on both sides', async () => {
      const host = await begin();
      const notices: string[] = [];
      const machine = await open(host, { onNotice: (text) => notices.push(text) });
      const agent = await startAgent(machine, { deadMan: 2000 });
      await speaks(agent);
      signalAll(host.sshds(), 'SIGSTOP');
      const { reason, wasKilled } = await agent.ended;
      expect(wasKilled).to.equal(true);
      expect(reason).to.match(/lost for \d\.\d s, longer than the dead-man time of 2\.0 s/);
      await waitFor('no agent', () => host.find('agent.js').length === 0);
      await waitFor('no folder', () => host.run(`ls -A ${CACHE}/labs`) === '');
    });

    it('kills it at once', async () => {
      const host = await begin();
      const agent = await startAgent(await open(host));
      await speaks(agent);
      agent.kill();
      expect(await agent.ended).to.include({ wasKilled: true });
      expect(host.run(`ls -A ${CACHE}/labs`)).to.equal('');
    });

    it('lets go of a lab that stays, which destroy removes with its folder', async () => {
      const host = await begin();
      const machine = await open(host);
      const id = newId();
      const agent = await startAgent(machine, { labId: id, keepable: true });
      const client = connectAgent(agent.input, agent.output, () => undefined);
      await client.call('hello', { protocol: 1, labId: id }, 10_000);
      await client.call('keep', {}, 10_000);
      await agent.release();
      await waitFor('the keeper to go', () => host.find('keeper.js').length === 0);
      expect(host.find('agent.js')).not.to.be.empty;
      const ps = await collect(await machine.run([FAR_RUNNER, 'ps']), 10_000, 'ps');
      expect(ps.stdout).to.contain(id);
      const gone = await collect(await machine.run([FAR_RUNNER, 'destroy', id]), 20_000, 'destroy');
      expect(gone.code, gone.stderr).to.equal(0);
      expect(host.find('agent.js')).to.be.empty;
    });
  });
});

const startAgent = (
  machine: FarMachine,
  options: { deadMan?: number; labId?: string; keepable?: boolean } = {},
): Promise<FarAgent> =>
  machine.startAgent({
    ...{ labId: newId(), scenario: 'test', keepable: false, deadMan: 30_000, uplink: null },
    ...options,
  });

/** Says hello to an agent; gives what asks it something more. */
async function speaks(agent: FarAgent): Promise<() => Promise<unknown>> {
  const client = connectAgent(agent.input, agent.output, () => undefined);
  const facts = await client.call('hello', { protocol: 1, labId: '' }, 20_000);
  expect(facts.pid).to.equal(1);
  return () => client.call('clock', {}, 30_000);
}

function end(agent: FarAgent): Promise<unknown> {
  agent.input.end();
  return agent.ended;
}

async function faultOf(promise: Promise<unknown>, kind: string, pattern: RegExp): Promise<Fault> {
  const fault = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof Fault)) throw new Error(`No fault: ${String(fault)}`);
  expect(fault.kind).to.equal(kind);
  expect(fault.message).to.match(pattern);
  return fault;
}
