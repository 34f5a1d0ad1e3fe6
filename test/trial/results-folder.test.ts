import { existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { REPORT } from '../report/fixture.ts';
import type { ResultsFolder } from '../../src/trial/results-folder.ts';
import { createResultsFolder } from '../../src/trial/results-folder.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { sha256 } from '../../src/base/hash.ts';
import { tmpdir } from 'node:os';

const started = new Date('2026-11-20T21:04:11Z');

describe('createResultsFolder()', () => {
  let out: string;
  const create = (scenario = 'censor'): Promise<ResultsFolder> =>
    createResultsFolder({ out, scenario, planHash: '3f9a1c77', started });
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'results-'));
  });
  afterEach(() => rmSync(out, { recursive: true }));

  it('writes under a hidden name until it is sealed', async () => {
    const folder = await create();
    expect(folder.path).to.equal(join(out, 'censor', '.2026-11-20T21-04-11Z-3f9a1c.partial'));
    await folder.write('plan.json', '{}');
    expect(existsSync(folder.finalPath)).to.equal(false);
    await folder.seal(REPORT.manifest);
    expect(existsSync(folder.path)).to.equal(false);
    expect(readFileSync(join(folder.finalPath, 'plan.json'), 'utf8')).to.equal('{}');
  });

  it('notes the sha256 of every file, nested ones and those of others too', async () => {
    const folder = await create();
    await folder.makeFolder('captures');
    await folder.write('plan.json', '{}');
    writeFileSync(join(folder.path, 'captures', 'a.pcap'), 'bytes');
    // A lab that stays goes on writing there.
    await folder.write('lab/logs/web.log', 'so far');
    await folder.seal(REPORT.manifest);
    const manifest = JSON.parse(readFileSync(join(folder.finalPath, 'run.json'), 'utf8')) as {
      files: unknown;
    };
    expect(manifest.files).to.deep.equal({
      'captures/a.pcap': sha256('bytes'),
      'plan.json': sha256('{}'),
    });
  });

  it('points `latest` to the run sealed last', async () => {
    const first = await create();
    await first.seal(REPORT.manifest);
    const second = await create();
    await second.seal(REPORT.manifest);
    expect(readlinkSync(join(out, 'censor', 'latest'))).to.equal('2026-11-20T21-04-11Z-3f9a1c-2');
    expect(readdirSync(join(out, 'censor'))).to.have.length(3);
  });

  it('gives runs of the same second names of their own', async () => {
    const folders = await Promise.all(Array.from({ length: 8 }, () => create()));
    expect(new Set(folders.map((folder) => folder.path)).size).to.equal(8);
    await Promise.all(folders.map((folder) => folder.seal(REPORT.manifest)));
    expect(new Set(folders.map((folder) => folder.finalPath)).size).to.equal(8);
  });

  it('leaves nothing when discarded', async () => {
    const folder = await create();
    await folder.discard();
    expect(folder.discarded).to.equal(true);
    expect(readdirSync(join(out, 'censor'))).to.deep.equal([]);
  });

  it('refuses a `latest` that is not ours before anything runs', async () => {
    mkdirSync(join(out, 'censor', 'latest'), { recursive: true });
    const error: unknown = await create().catch((thrown: unknown) => thrown);
    expect(error).to.include({ kind: 'machine' });
    expect(String(error)).to.include('expected a symbolic link or nothing');
  });

  it('is a machine fault with the way out when a file is in the way', async () => {
    writeFileSync(join(out, 'censor'), '');
    const error: unknown = await create().catch((thrown: unknown) => thrown);
    expect(error).to.include({ kind: 'machine' }).and.property('help').include('--out DIR');
  });

  it('is a machine fault with what to do when the disk is full', async () => {
    const folder = await create();
    // Every write to it ends as one to a full disk does.
    symlinkSync('/dev/full', join(folder.path, 'plan.json'));
    const error: unknown = await folder.write('plan.json', '{}').catch((thrown: unknown) => thrown);
    expect(error).to.include({ kind: 'machine' }).and.property('help').include('Free space');
  });
});
