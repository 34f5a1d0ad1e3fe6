// Censors of a lab that stays, changed while it is up.
import { readFileSync, writeFileSync } from 'node:fs';
import { waitFor } from '../../lab/labs.ts';
import { type RunResult, runRunner, said, scratch } from '../../acceptance/support/runner.ts';
import { expect } from 'chai';
import { join } from 'node:path';

const scenario = (port: number, delay = '', state = ''): string => `version: 1
name: reloaded
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { members: [client, middle]${delay} }
  outside: { members: [middle, server] }
censor:
  name: gate
  on: middle
  rules: [{ name: port, match: { tcp.dstport: ${port} }, action: reset }]${state}
traffic:
  - { name: web, on: server, serve: { http: { port: 80 } } }
`;

describe('runner reload', function () {
  this.timeout(60_000);
  const folder = scratch('reload');
  const file = join(folder.path, 'reload.yaml');
  const runner = async (...args: string[]): Promise<RunResult> =>
    runRunner(args, { cwd: folder.path });
  const curl = async (): Promise<number | null> =>
    (
      await runner(
        'exec',
        id,
        'client',
        '--',
        'curl',
        '-sS',
        '-m',
        '5',
        '-o',
        '/dev/null',
        'http://server/',
      )
    ).code;
  const reload = async (...args: string[]): Promise<void> => {
    const result = await runner('reload', ...args, '--lab', id);
    expect(result.code, said(result)).to.equal(0);
  };
  let id = '';
  let directory = '';

  before(async () => {
    writeFileSync(file, scenario(80));
    const result = await runner('up', file, '--json');
    expect(result.code, said(result)).to.equal(0);
    ({ lab: id, directory } = JSON.parse(result.stdout) as { lab: string; directory: string });
  });
  after(async () => {
    await runner('destroy', id);
    folder.remove();
  });

  it('stops and starts a censor', async () => {
    // curl(1): 7 is a connection refused.
    expect(await curl()).to.equal(7);
    await reload('--stop', 'gate');
    expect(await curl()).to.equal(0);
    await reload('--start', 'gate');
    expect(await curl()).to.equal(7);
  });

  it('puts the rules of the file in force', async () => {
    writeFileSync(file, scenario(81));
    await reload(file);
    expect(await curl()).to.equal(0);
    writeFileSync(file, scenario(80));
    await reload(file);
    expect(await curl()).to.equal(7);
    const log = join(directory, 'logs', 'middle.gate.log');
    await waitFor('the censor says what it has seen', () =>
      /\d+ packets?, /.test(readFileSync(log, 'utf8')),
    );
  });

  it('refuses what a lab cannot change, and a censor that it has not', async () => {
    writeFileSync(file, scenario(80, ', delay: 5ms'));
    const other = await runner('reload', file, '--lab', id);
    expect(other.code).to.equal(2);
    expect(other.stderr).to.include('More than the rules of censors differs');
    writeFileSync(file, scenario(80, '', '\n  checks: { checksum: true }'));
    const checked = await runner('reload', file, '--lab', id);
    expect(checked.stderr).to.include('More than the rules of censors differs');
    const unknown = await runner('reload', '--stop', 'gat', '--lab', id);
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.include('It has "gate"');
  });
});

/** Resets what goes to this port. */
const program = (port: number): string => `import type { CensorProgram } from 'netscenario/program';
const censor: CensorProgram = {
  start: (lab) => lab.log('against port ${port}'),
  packet: (packet) => (packet.tcp?.dstport === ${port} ? { action: 'reset' } : 'pass'),
};
export default censor;
`;

const WITH_PROGRAM = `version: 1
name: programmed
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { members: [client, middle] }
  outside: { members: [middle, server] }
censor: { name: gate, on: middle, onError: drop, program: { file: ./gate.ts, timeout: 5s } }
traffic:
  - { name: web, on: server, serve: { http: { port: 80 } } }
`;

describe('runner reload, with a program', function () {
  this.timeout(90_000);
  const folder = scratch('reload-program');
  after(() => folder.remove());

  it('has another program take over from the one that runs', async () => {
    const file = join(folder.path, 'programmed.yaml');
    const gate = join(folder.path, 'gate.ts');
    const runner = (...args: string[]): Promise<RunResult> => runRunner(args, { cwd: folder.path });
    writeFileSync(file, WITH_PROGRAM);
    writeFileSync(gate, program(80));
    const up = await runner('up', file, '--json');
    expect(up.code, said(up)).to.equal(0);
    const { lab, directory } = JSON.parse(up.stdout) as { lab: string; directory: string };
    try {
      const url = 'http://server/';
      const curl = (): Promise<RunResult> =>
        runner('exec', lab, 'client', '--', 'curl', '-sS', '-m', '10', '-o', '/dev/null', url);
      expect((await curl()).code).to.equal(7);
      writeFileSync(gate, program(81));
      const reloaded = await runner('reload', file, '--lab', lab);
      expect(reloaded.code, said(reloaded)).to.equal(0);
      const free = await curl();
      expect(free.code, said(free)).to.equal(0);
      const log = readFileSync(join(directory, 'logs', 'middle.gate.log'), 'utf8');
      expect(log.match(/against port \d+/g)).to.deep.equal(['against port 80', 'against port 81']);
      writeFileSync(
        file,
        WITH_PROGRAM.replace(
          /program: .*$/m,
          'rules: [{ match: { tcp.dstport: 80 }, action: reset }] }',
        ),
      );
      const without = await runner('reload', file, '--lab', lab);
      expect(without.stderr).to.include('More than the rules of censors differs');
    } finally {
      await runner('destroy', lab);
    }
  });
});
