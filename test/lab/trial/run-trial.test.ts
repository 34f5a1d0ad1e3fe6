// One whole run and what it leaves, by way of the built command line.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { apply, runRunner, said, scratch } from '../acceptance/support/runner.ts';
import type { RunManifest } from '../../../src/model/run.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { sha256 } from '../../../src/base/hash.ts';

const SCENARIO = `version: 1
name: trial
control: true
include: parts/site.yaml
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { members: [client, middle] }
  outside: { members: [middle, server] }
censor:
  on: middle
  rules: [{ name: host, match: { http.host: blocked.example }, action: { reset: { sides: both } } }]
captures: [client, server]
expect:
  - { flow: blocked, failure: connection_reset, cause: injected-rst }
  - { flow: program, exitCode: 3 }
  - { capture: client, filter: "tcp[tcpflags] & tcp-rst != 0", count: ">=1" }
`;
const PART = `traffic:
  - { name: web, on: server, serve: { http: { port: 80 } } }
  - { name: blocked, from: client, to: "server:80", probe: { http: { host: blocked.example } } }
  - { name: program, from: client, after: blocked, run: { command: [sh, -c, "echo said; exit 3"] } }
`;

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('runTrial()', function () {
  this.timeout(60_000);
  const folder = scratch('trial');
  const file = join(folder.path, 'trial.yaml');
  let results: string;
  let manifest: RunManifest;
  before(async () => {
    mkdirSync(join(folder.path, 'parts'));
    writeFileSync(join(folder.path, 'parts/site.yaml'), PART);
    writeFileSync(file, SCENARIO);
    ({ results } = await apply(file, { out: join(folder.path, 'results') }));
    manifest = readJson(join(results, 'run.json')) as RunManifest;
  });
  after(() => folder.remove());

  it('notes the hash of every file but the manifest itself', () => {
    const files = readdirSync(results, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(results.length + 1));
    expect(Object.keys(manifest.files).toSorted()).to.deep.equal(
      files.filter((name) => name !== 'run.json').toSorted(),
    );
    for (const [name, hash] of Object.entries(manifest.files))
      expect(sha256(readFileSync(join(results, name))), name).to.equal(hash);
  });

  it('keeps the plan as the bytes that its hash is of', () => {
    expect(sha256(readFileSync(join(results, 'plan.json')))).to.equal(manifest.planHash);
  });

  it('keeps the scenario with the files it includes', () => {
    expect(readFileSync(join(results, 'scenario.yaml'), 'utf8')).to.equal(SCENARIO);
    expect(readFileSync(join(results, 'sources/parts/site.yaml'), 'utf8')).to.equal(PART);
  });

  it('runs the control arm first, with its evidence apart', () => {
    const verdicts = readJson(join(results, 'verdicts.json')) as {
      flow: string;
      control?: { failure: string | null };
    }[];
    expect(verdicts.find(({ flow }) => flow === 'blocked')?.control?.failure).to.equal(null);
    expect(manifest.control?.captures.map((capture) => capture.packets)).to.not.include(0);
    expect(existsSync(join(results, 'control/captures/all.pcapng'))).to.equal(true);
  });

  it('notes phases, attempts and acts of the censor in their order', () => {
    const events = readFileSync(join(results, 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; arm?: string; phase?: string });
    const kinds = new Set(events.map((event) => event.kind));
    expect([...kinds]).to.include.members(['phase', 'flow-begins', 'flow-ends', 'censor']);
    expect(events[0]).to.include({ arm: 'control', phase: 'up' });
    expect(events.at(-1)).to.include({ arm: 'main' });
  });

  it('keeps what programs wrote, and no files that only the lab needed', () => {
    expect(readFileSync(join(results, 'logs/client.program.log'), 'utf8')).to.include('said');
    expect(existsSync(join(results, 'lab'))).to.equal(false);
    expect(existsSync(join(results, 'control/lab'))).to.equal(false);
  });

  it('can be run again by the command in the manifest', async () => {
    const [, ...words] = manifest.command.split(' ');
    const again = await runRunner(['plan', ...words.slice(1), '--json']);
    expect(again.code, said(again)).to.equal(0);
    expect(sha256(JSON.stringify(JSON.parse(again.stdout)))).to.equal(manifest.planHash);
  });
});

describe('runTrial() of what fails or breaks', function () {
  this.timeout(60_000);
  const folder = scratch('trial-fails');
  const file = join(folder.path, 'trial.yaml');
  const out = join(folder.path, 'results');
  after(() => folder.remove());

  it('exits 1 and shows wish and found when an expectation fails', async () => {
    const failing = SCENARIO.replace('include: parts/site.yaml\n', PART)
      .replace('control: true\n', '')
      .replace('exitCode: 3', 'exitCode: 0');
    writeFileSync(file, failing);
    const junit = join(folder.path, 'junit.xml');
    const result = await runRunner(['apply', file, '--out', out, '--junit', junit]);
    expect(result.code, said(result)).to.equal(1);
    expect(result.stdout).to.match(/✘ flow program: exit code 0\n {2}.*3/);
    expect(result.stdout).to.include('2 held, 1 failed');
    expect(readFileSync(junit, 'utf8')).to.include('failures="1"');
  });

  it('leaves no censor out but with --no-censor', async () => {
    const result = await runRunner(['apply', file, '--out', out, '--no-censor', '--json']);
    expect(result.code, said(result)).to.equal(1);
    const { verdicts } = JSON.parse(result.stdout) as {
      verdicts: { flow: string; failure: string | null }[];
    };
    expect(verdicts.find(({ flow }) => flow === 'blocked')?.failure).to.equal(null);
  });
});
