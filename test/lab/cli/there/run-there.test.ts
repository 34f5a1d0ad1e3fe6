import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { FAR_RUNNER } from '../../../../src/lab/far/far-machine.ts';
import { collect } from '../../../../src/lab/far/collect.ts';
import { openFarMachine } from '../../../../src/lab/far/open-far-machine.ts';
import { checkFarMachine } from '../../../../src/lab/far/check-far-machine.ts';
import { destroyParts } from '../../../../src/lab/far/destroy-parts.ts';
import type { PlanMachine } from '../../../../src/model/machine.ts';
import type { FarMachine } from '../../../../src/lab/far/far-machine.ts';
import { RUNNER, runRunner } from '../../../cli/spawn-runner.ts';
import { type FarHost, startFarHost } from '../../far/far-host.ts';

const SCENARIO =
  'version: 1\nname: there\nhosts: { left: {}, right: {} }\nnetworks: { lan: { members: [left, right] } }\n' +
  'traffic: [{ name: web, on: right, serve: { http: { port: 80 } } }]\n';

describe('runner --machine', function () {
  this.timeout(60_000);
  let host: FarHost;
  let lab: string;
  let options: string[];

  before(async function () {
    if (process.getuid?.() !== 0) return this.skip();
    // dash(1) mistakes the end of its job control in a PID namespace of its own for a fault.
    host = await startFarHost({ shell: '/bin/bash' });
    const { ssh } = host.machine;
    options = [
      ...['--machine', `edge@127.0.0.1:${ssh?.port ?? 0}`],
      ...['--identity', ssh?.identities[0] ?? '', '--known-hosts', ssh?.knownHosts[0] ?? ''],
    ];
    const far = await open(host.machine);
    const channel = await far.run([FAR_RUNNER, 'up', '--quiet', '--out', '/home/edge/out', '-']);
    channel.stdin.write(SCENARIO);
    const { stdout, stderr, code } = await collect(channel, 30_000, 'runner up');
    expect(code, stderr).to.equal(0);
    lab = stdout.trim();
    far.close();
  });
  after(async () => {
    await host.stop();
  });

  const there = (verb: string, ...words: string[]): SpawnSyncReturns<string> =>
    runRunner([verb, ...options, ...words]);

  it('ps lists the labs there', () => {
    const { status, stdout } = there('ps', '--json');
    expect(status).to.equal(0);
    const labs = JSON.parse(stdout) as { id: string; nodes: string[] }[];
    expect(labs.map(({ id, nodes }) => [id, nodes])).to.deep.equal([[lab, ['left', 'right']]]);
  });

  it('exec passes arguments, output and exit code on', () => {
    const program = ['sh', '-c', 'echo "$1"; echo bad >&2; exit 7', 'sh', "it's\na $HOME"];
    expect(there('exec', lab, 'left', '--', ...program)).to.include({
      status: 7,
      stdout: "it's\na $HOME\n",
      stderr: 'bad\n',
    });
    expect(there('exec', lab, 'left', '--', 'sh', '-c', 'kill -9 $$').status).to.equal(137);
  });

  it('exec hands standard input on', () => {
    const [program, ...rest] = RUNNER;
    const argv = [...rest, 'exec', ...options, lab, 'left', '--', 'cat'];
    const { stdout } = spawnSync(program, argv, { input: 'given\n', encoding: 'utf8' });
    expect(stdout).to.equal('given\n');
  });

  it('shell has the terminal, its size, its keys and its end', () => {
    const command = [...RUNNER, 'shell', ...options, lab, 'right']
      .map((word) => `'${word}'`)
      .join(' ');
    const { status, stdout } = spawnSync(
      'script',
      [
        '-qec',
        `stty rows 33 cols 77; ${command}; code=$?; stty -a | grep -o " -\\?icanon"; exit $code`,
        '/dev/null',
      ],
      {
        input: 'stty size; ip -o address show dev right-lan; exit 5\n',
        encoding: 'utf8',
        timeout: 30_000,
      },
    );
    expect(stdout).to.include('33 77').and.include('inet ');
    expect(stdout).to.match(/ icanon/);
    expect(status).to.equal(5);
  });

  it('logs and faults come from there', () => {
    expect(there('logs', lab)).to.include({ status: 0 });
    const { status, stderr } = there('exec', lab, 'lft', '--', 'true');
    expect(status).to.equal(2);
    expect(stderr).to.include('Did you mean "left"?');
  });

  it('doctor tells what is seen from here and there', () => {
    const { stdout } = there('doctor', '--json');
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names.slice(0, 3)).to.deep.equal(['way there', 'root', 'file tools']);
    expect(names.length).to.be.greaterThan(8);
    expect(there('doctor').stdout).to.match(/^machine edge@127\.0\.0\.1:\d+\n✔ way there/);
  });

  it('says that a machine cannot be reached', () => {
    const argv = ['--machine', '127.0.0.1:1'];
    expect(runRunner(['ps', ...argv]).status).to.equal(3);
    const { status, stdout } = runRunner(['doctor', ...argv, '--json']);
    expect(status).to.equal(3);
    expect(JSON.parse(stdout)).to.have.length(1);
  });

  it('checkFarMachine() asks for no more than a way', async () => {
    const refuse = (): Promise<FarMachine> => Promise.reject(new Error('no way'));
    expect(await checkFarMachine(host.machine, refuse)).to.deep.equal([
      { name: 'way there', ok: false, needed: 'always', found: 'no way' },
    ]);
  });

  it('logs --follow tells what comes there, until Ctrl-C', async () => {
    const [program, ...rest] = RUNNER;
    const follower = spawn(program, [...rest, 'logs', '--follow', ...options, lab, 'right']);
    const ended = new Promise((settle) => follower.once('close', settle));
    const heard = new Promise((settle) => follower.stdout.once('data', settle));
    const curl = ['curl', '-sSf', '-o', '/dev/null', 'http://right/'];
    expect(there('exec', lab, 'left', '--', ...curl)).to.include({ status: 0 });
    expect(String(await heard)).to.match(/^right\.web \| /);
    follower.kill('SIGINT');
    expect(await ended).to.equal(130);
  });

  it('destroy takes a lab down there, and destroyParts() one that is gone already', async () => {
    const part = { machine: host.machine, id: lab, nodes: ['left', 'right'] };
    const lost = { ...part, id: 'ffffffff', machine: { ...host.machine, name: 'lost' } };
    const reach = (machine: PlanMachine): Promise<FarMachine> =>
      machine.name === 'lost' ? Promise.reject(new Error('no way')) : open(machine);
    const left = await destroyParts([part, lost], reach);
    expect(left.map(({ part: { id } }) => id)).to.deep.equal(['ffffffff']);
    expect(await destroyParts([part], open)).to.deep.equal([]);
    expect(there('ps', '--json').stdout.trim()).to.equal('[]');
    expect(there('destroy', lab)).to.include({ status: 2 });
  });
});

const open = (machine: PlanMachine): Promise<FarMachine> =>
  openFarMachine({ machine, folder: '/', ask: () => Promise.resolve(null) });
