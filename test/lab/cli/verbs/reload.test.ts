// Censors of a lab that stays, changed while it is up.
import { readFileSync, writeFileSync } from 'node:fs';
import { type RunResult, runRunner, said, scratch } from '../../acceptance/support/runner.ts';
import { expect } from 'chai';
import { join } from 'node:path';

const scenario = (port: number, delay = ''): string => `version: 1
name: reloaded
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { members: [client, middle]${delay} }
  outside: { members: [middle, server] }
censor:
  name: gate
  on: middle
  rules: [{ name: port, match: { tcp.dstport: ${port} }, action: reset }]
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
    expect(readFileSync(join(directory, 'logs', 'middle.gate.log'), 'utf8')).to.include('packets');
  });

  it('refuses what a lab cannot change, and a censor that it has not', async () => {
    writeFileSync(file, scenario(80, ', delay: 5ms'));
    const other = await runner('reload', file, '--lab', id);
    expect(other.code).to.equal(2);
    expect(other.stderr).to.include('More than the rules of censors differs');
    const unknown = await runner('reload', '--stop', 'gat', '--lab', id);
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.include('It has "gate"');
  });
});
