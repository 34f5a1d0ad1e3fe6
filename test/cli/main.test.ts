import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { join } from 'node:path';
import { RUNNER, runRunner } from './spawn-runner.ts';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

describe('runner', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cli-'));
    writeFileSync(join(folder, 'bad.yaml'), 'version: 1\nname: bad\nhots: {}\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('prints help on stdout, and on stderr with exit code 2 when nothing is asked', () => {
    const asked = runRunner(['--help']);
    expect(asked).to.include({ status: 0, stderr: '' });
    expect(asked.stdout).to.include('Usage: runner');
    const nothing = runRunner([]);
    expect(nothing).to.include({ status: 2, stdout: '' });
    expect(nothing.stderr).to.include('Usage: runner');
  });

  it('guesses what an unknown verb was meant to be', () => {
    expect(runRunner(['aply', 'x'])).to.include({
      status: 2,
      stdout: '',
      stderr: 'error: Unknown command "aply"\n  = help: Did you mean "apply"?\n',
    });
  });

  it('init writes a scenario that validates, and overwrites nothing', () => {
    expect(runRunner(['init', folder])).to.include({ status: 0 });
    const file = join(folder, 'scenario.yaml');
    expect(runRunner(['validate', file])).to.include({ status: 0, stdout: `${file}: ok\n` });
    writeFileSync(file, 'mine');
    expect(runRunner(['init', folder])).to.include({ status: 2 });
    expect(readFileSync(file, 'utf8')).to.equal('mine');
  });

  it('apply creates nothing for a bad scenario, and says why as JSON too', () => {
    const result = runRunner(['apply', 'bad.yaml', '--json'], { cwd: folder });
    expect(result.status).to.equal(2);
    expect(result.stderr).to.include('bad.yaml:3:1');
    expect(JSON.parse(result.stdout)).to.include({
      scenario: 'bad.yaml',
      status: 'invalid',
      planHash: null,
      results: null,
    });
    expect(existsSync(join(folder, 'results'))).to.equal(false);
  });

  it('validate speaks SARIF', () => {
    const result = runRunner(['validate', join(folder, 'bad.yaml'), '--sarif']);
    expect(result.status).to.equal(2);
    expect(JSON.parse(result.stdout)).to.include({ version: '2.1.0' });
  });

  it('plan --json gives the same bytes each time, and others for another seed', () => {
    const plan = (seed: string): string =>
      runRunner(['plan', 'scenarios/censor.yaml', '--json', '--seed', seed]).stdout;
    expect(plan('7')).to.equal(plan('7')).and.not.equal(plan('8'));
  });

  it('takes options from the environment', () => {
    const result = runRunner(['plan', 'scenarios/censor.yaml'], { env: { RUNNER_SEED: '41' } });
    expect(result.stdout).to.include('seed 41');
  });

  it('does not mind a reader that goes away', () => {
    const script = 'set -o pipefail; "$@" schema | true';
    const result = spawnSync('bash', ['-c', script, 'bash', ...RUNNER], { encoding: 'utf8' });
    expect(result).to.include({ status: 0, stderr: '' });
  });

  it('gives a slow reader everything', () => {
    const big = join(folder, 'big.yaml');
    const hosts = Array.from({ length: 300 }, (_, index) => `h${index}`).join(', ');
    writeFileSync(
      big,
      `version: 1\nname: big\nhosts: { ${hosts.replaceAll(/h\d+/g, '$&: {}')} }\nnetworks: { lan: { members: [${hosts}] } }\n`,
    );
    const script = `"$@" plan '${big}' --json | { sleep 0.5; wc -c; }`;
    const { stdout } = spawnSync('bash', ['-c', script, 'bash', ...RUNNER], { encoding: 'utf8' });
    expect(Number(stdout)).to.be.greaterThan(200 * 1024);
    expect(Number(stdout)).to.equal(Buffer.byteLength(runRunner(['plan', big, '--json']).stdout));
  });

  for (const [name, text] of [
    ['p.yaml', 'sni: a.example\n'],
    ['p.json', '{ "sni": "a.example" }'],
  ] as const)
    it(`reads parameters from ${name}`, () => {
      const params = join(folder, name);
      writeFileSync(params, text);
      const result = runRunner(['plan', 'scenarios/censor.yaml', '--params', params, '--json']);
      expect(result.stdout).to.include('a.example');
    });

  it('reads a scenario from standard input', () => {
    const text = readFileSync('scenarios/censor.yaml', 'utf8');
    const [program, ...rest] = RUNNER;
    const result = spawnSync(program, [...rest, 'validate', '-'], {
      input: text,
      encoding: 'utf8',
    });
    expect(result).to.include({ status: 0, stdout: '-: ok\n' });
  });

  for (const [title, argv] of [
    ['a missing file', ['apply', 'nowhere.yaml', '--json']],
    ['an unknown option', ['plan', 'x.yaml', '--json', '--nope']],
    ['a bad seed', ['up', 'bad.yaml', '--json', '--seed', '-1']],
  ] as const)
    it(`says as JSON what is wrong with ${title}`, () => {
      const result = runRunner(argv, { cwd: folder });
      expect(result.status).to.equal(2);
      const { status, fault } = JSON.parse(result.stdout) as {
        status: string;
        fault: { message: string; help: string };
      };
      expect(status).to.equal('invalid');
      expect(fault.help).to.not.equal('');
      expect(result.stderr).to.include(fault.message).and.include(fault.help);
    });

  it('apply looks at the JUnit file before it builds anything', () => {
    runRunner(['init', join(folder, 'junit')]);
    const result = runRunner(
      ['apply', 'junit/scenario.yaml', '--junit', 'nowhere/x.xml', '--json'],
      { cwd: folder },
    );
    expect(result.status).to.equal(3);
    expect(result.stderr).to.include('nowhere/x.xml').and.include('= help:');
    expect(JSON.parse(result.stdout)).to.include({ scenario: 'first', status: 'broken' });
    expect(existsSync(join(folder, 'results'))).to.equal(false);
  });

  it('schema prints what editors read', () => {
    const { stdout } = runRunner(['schema']);
    expect(stdout).to.equal(readFileSync('schemas/scenario.schema.json', 'utf8'));
  });

  for (const shell of ['bash', 'zsh', 'fish'])
    it(`completion prints a script for ${shell}`, () => {
      expect(runRunner(['completion', shell]).stdout).to.include('__complete');
    });

  it('completes in a real bash', () => {
    const script = [
      'runner() { "${RUNNER[@]}" "$@"; }',
      'RUNNER=("$@")',
      'source <(runner completion bash)',
      'COMP_WORDS=(runner apply x.yaml --no); COMP_CWORD=3',
      '_runner; echo "${COMPREPLY[*]}"',
      `cd '${folder}'`,
      'COMP_WORDS=(runner ps --); COMP_CWORD=2',
      '_runner; echo "${COMPREPLY[*]}"',
      'COMP_WORDS=(runner validate ba); COMP_CWORD=2',
      '_runner; echo "${COMPREPLY[*]}"',
    ].join('\n');
    const result = spawnSync('bash', ['-c', script, 'bash', ...RUNNER], { encoding: 'utf8' });
    expect(result.stdout).to.equal(
      '--no-censor --no-build\n--json --machine --become --identity --known-hosts --jump --help\nbad.yaml\n',
    );
  });
});
