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
      'COMP_WORDS=(runner validate ba); COMP_CWORD=2',
      '_runner; echo "${COMPREPLY[*]}"',
    ].join('\n');
    const result = spawnSync('bash', ['-c', script, 'bash', ...RUNNER], { encoding: 'utf8' });
    expect(result.stdout).to.equal('--no-censor --no-build\nbad.yaml\n');
  });
});
