import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RUNNER, runRunner } from '../spawn-runner.ts';
import { spawnSync } from 'node:child_process';

const COMPOSE = `services:
  web: { image: "web:\${TAG:-none}", ports: ["80:80"], volumes: ["./html:/html"] }
  debug: { image: debug:1, profiles: [debug] }
`;

describe('runner import', () => {
  let folder = '';
  const run = (...argv: string[]) => runRunner(['import', ...argv], { cwd: folder });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-'));
    writeFileSync(join(folder, 'compose.yaml'), COMPOSE);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('prints the scenario, and on stderr what it cannot say', () => {
    const { status, stdout, stderr } = run('compose.yaml');
    expect(status).to.equal(0);
    expect(stdout).to.contain('web:none').and.to.contain('./html:/html');
    expect(stderr).to.contain('warning[C022]').and.to.contain('compose.yaml:2:');
    expect(stderr).to.contain('warning[C025]');
  });

  it('writes what runner validate takes, with paths from there, and not over another file', () => {
    mkdirSync(join(folder, 'lab'));
    const first = run('compose.yaml', '--write', 'lab/web.yaml', '--profile', 'debug');
    expect(first.status).to.equal(0);
    expect(first.stdout).to.contain('runner validate lab/web.yaml');
    const written = readFileSync(join(folder, 'lab/web.yaml'), 'utf8');
    expect(written).to.contain('../html:/html').and.to.contain('debug:1');
    expect(runRunner(['validate', 'lab/web.yaml'], { cwd: folder }).status).to.equal(0);
    const second = run('compose.yaml', '--write', 'lab/web.yaml');
    expect(second.status).to.equal(2);
    expect(second.stderr).to.contain('"lab/web.yaml" is there already').and.to.contain('--force');
    expect(run('compose.yaml', '--write', 'lab/web.yaml', '--force').status).to.equal(0);
  });

  it('reads variables from .env, or from the files named', () => {
    writeFileSync(join(folder, '.env'), 'TAG=dot\n');
    writeFileSync(join(folder, 'other.env'), 'TAG=other\n');
    expect(run('compose.yaml').stdout).to.contain('web:dot');
    expect(run('compose.yaml', '--variables', 'other.env').stdout).to.contain('web:other');
  });

  it('reads standard input', () => {
    const [program, ...rest] = RUNNER;
    const { stdout } = spawnSync(program, [...rest, 'import', '-'], {
      cwd: folder,
      input: COMPOSE,
      encoding: 'utf8',
    });
    expect(stdout).to.contain('web:none');
  });

  it('merges the override beside a file of the default name', () => {
    writeFileSync(
      join(folder, 'compose.override.yaml'),
      'services: { web: { image: "mine:2" } }\n',
    );
    expect(run('compose.yaml').stdout).to.contain('mine:2');
  });

  it('leaves with 2 and says why where the scenario that it prints does not compile', () => {
    writeFileSync(
      join(folder, 'compose.yaml'),
      'services: { a: { image: "a:1", depends_on: [b] }, b: { image: "b:1", depends_on: [a] } }\n',
    );
    const { status, stdout, stderr } = run('compose.yaml');
    expect(status).to.equal(2);
    expect(stdout).to.contain('a:1');
    expect(stderr).to.match(/warning\[S\d+\]/);
  });

  it('leaves with 2 and writes nothing where there is nothing to import', () => {
    writeFileSync(join(folder, 'compose.yaml'), 'volumes: {}\n');
    const { status, stdout, stderr } = run('compose.yaml');
    expect([status, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.contain('error[C001]');
  });
});
