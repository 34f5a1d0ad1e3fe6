import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RUNNER, runRunner } from '../spawn-runner.ts';
import { spawnSync } from 'node:child_process';
import { EXCHANGE } from '../../scenario/replay/exchange.ts';
import { captureOf, segment } from '../../scenario/replay/made-capture.ts';

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

describe('runner import of a capture', () => {
  let folder = '';
  const run = (...argv: string[]) => runRunner(['import', ...argv], { cwd: folder });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-'));
    writeFileSync(join(folder, 'web.pcap'), captureOf(EXCHANGE));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('prints the scenario that plays it', () => {
    const { stdout } = run('web.pcap');
    expect(stdout).to.contain('between: [client:40000, server:443]');
    expect(stdout).to.contain('- { client: { at: 10ms, flush: true, send: hello } }');
  });

  it('keeps flags with --raw, whole packets with --packets, and sizes alone with --random all', () => {
    expect(run('web.pcap', '--raw').stdout).to.contain('flags: SYN+ACK');
    expect(run('web.pcap', '--packets').stdout).to.contain('transport: raw-ip');
    expect(run('web.pcap', '--random', 'all').stdout).to.contain('send: { random: 5B }');
  });

  it('takes the conversations that are wished, and says who there is for others', () => {
    expect(run('web.pcap', '--flow', 'tcp:443').stdout).to.contain('name: tcp-1');
    const { status, stdout, stderr } = run('web.pcap', '--flow', 'udp');
    expect([status, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.contain('it has #1 tcp 10.0.0.1:40000-10.0.0.2:443');
  });

  it('reads standard input, and tells what it leaves out', () => {
    const [program, ...rest] = RUNNER;
    const { stdout, stderr } = spawnSync(program, [...rest, 'import', '-'], {
      cwd: folder,
      input: captureOf(EXCHANGE).subarray(0, -2),
      encoding: 'utf8',
    });
    expect(stdout).to.contain('send: hello');
    expect(stderr).to.contain('note: The file is cut off or damaged at byte ');
  });

  for (const [name, content, words, fault] of [
    ['an empty file', '', [], '"x" is empty'],
    ['a file that is no text and no capture', Uint8Array.of(1, 0, 255), [], 'shorter than the 24'],
    ['a capture of nothing', captureOf([]), [], 'It has no IP packet'],
    ['two levels at once', captureOf(EXCHANGE), ['--raw', '--packets'], 'exclude each other'],
    ['another word for --random', captureOf(EXCHANGE), ['--random', 'x'], 'to be cut or all'],
    ['options of compose files', captureOf(EXCHANGE), ['--profile', 'x'], 'for a compose file'],
    ['options of captures', COMPOSE, ['--raw'], 'and "x" is taken for a compose file'],
    ['a list of packets that is wrong', '[{"sender": "x"}]', [], 'error[P002]'],
  ] as const)
    it(`leaves with 2 and writes nothing for ${name}`, () => {
      writeFileSync(join(folder, 'x'), content);
      const { status, stdout, stderr } = run('x', ...words);
      expect(stderr).to.contain(fault);
      expect([status, stdout]).to.deep.equal([2, '']);
    });

  it('reads a list of packets', () => {
    writeFileSync(join(folder, 'config.json'), '[{"sender":"client","delay":0.1,"payload":"hi"}]');
    expect(run('config.json').stdout).to.contain(
      '{ client: { after: 100ms, flush: true, send: hi } }',
    );
  });

  it('says what to do when a scenario would be too large', () => {
    const payload = new Uint8Array(1400).fill(255);
    const packets = Array.from({ length: 700 }, (_, index) =>
      segment(index, 'client', { sequence: 1 + index * payload.length, payload }),
    );
    writeFileSync(join(folder, 'large.pcap'), captureOf(packets));
    const { status, stderr } = run('large.pcap');
    expect(status).to.equal(2);
    expect(stderr).to.contain('at most 1048576 bytes').and.to.contain('--random all');
    expect(run('large.pcap', '--random', 'all').stdout).to.contain('{ random: 1400B }');
  });
});
