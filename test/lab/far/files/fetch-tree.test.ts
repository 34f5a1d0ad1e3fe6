import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { expect } from 'chai';
import { Fault } from '../../../../src/base/fault.ts';
import { fetchLogsAndFiles } from '../../../../src/lab/far/files/fetch-logs.ts';
import { fetchTree } from '../../../../src/lab/far/files/fetch-tree.ts';
import type { Here } from './here.ts';
import { machineHere } from './here.ts';

describe('fetchTree()', () => {
  let folder: string;
  let from: string;
  let to: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fetch-tree-'));
    from = join(folder, 'from');
    to = join(folder, 'to');
    mkdirSync(join(from, 'logs'), { recursive: true });
    writeFileSync(join(from, 'logs/a b.log'), 'one\n');
    writeFileSync(join(from, 'secret'), 'two\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('brings files and folders', async () => {
    mkdirSync(join(from, 'empty'));
    const written = await fetchTree(machineHere(), from, to);
    expect(written.toSorted()).to.deep.equal([join(to, 'logs/a b.log'), join(to, 'secret')]);
    expect(readFileSync(join(to, 'logs/a b.log'), 'utf8')).to.equal('one\n');
    expect(existsSync(join(to, 'empty'))).to.equal(true);
  });

  it('leaves links out, and says so', async () => {
    symlinkSync('/etc/passwd', join(from, 'link'));
    const skipped: string[] = [];
    await fetchTree(machineHere(), from, to, { onSkipped: (line) => skipped.push(line) });
    expect(existsSync(join(to, 'link'))).to.equal(false);
    expect(skipped).to.deep.equal(['./link: a symlink, and only files and folders are copied']);
  });

  it('writes nothing outside the folder, whatever the archive says', async () => {
    const archive = join(folder, 'evil.tar');
    const evil = pack();
    for (const name of ['../up', 'logs/../../up', `${folder}/absolute`, 'fine'])
      evil.entry({ name }, 'x');
    evil.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of evil) chunks.push(chunk as Buffer);
    writeFileSync(archive, Buffer.concat(chunks));
    const far: Here = machineHere();
    const skipped: string[] = [];
    const written = await fetchTree({ ...far, run: () => far.run(['cat', archive]) }, from, to, {
      onSkipped: (line) => skipped.push(line),
    });
    expect(written).to.deep.equal([join(to, 'fine')]);
    expect(skipped).to.have.length(3);
    expect(existsSync(join(folder, 'up'))).to.equal(false);
    expect(existsSync(join(folder, 'absolute'))).to.equal(false);
  });

  it('says that the folder is not there', async () => {
    const fault = await failure(fetchTree(machineHere(), join(folder, 'none'), to));
    expect(fault.message).to.include('cannot be fetched from machine "here"');
    expect(fault.help).to.equal('See whether the lab there still runs');
  });

  it('does not take half an archive for a whole one', async () => {
    writeFileSync(join(from, 'big'), Buffer.alloc(200_000, 1));
    const far = machineHere(Array.from({ length: 9 }, () => 100_000));
    const fault = await failure(fetchTree(far, from, to, { pause: 1 }));
    expect(fault.help).to.equal('Look at the network between the two machines');
    expect(far.ran).to.have.length(4);
  });

  it('fetches all of it again when the connection is lost midway', async () => {
    writeFileSync(join(from, 'big'), Buffer.alloc(200_000, 1));
    symlinkSync('/etc/passwd', join(from, 'link'));
    const far = machineHere([0, 'away', 100_000, 150_000]);
    const skipped: string[] = [];
    const onSkipped = (line: string): void => void skipped.push(line);
    const written = await fetchTree(far, from, to, { onSkipped, pause: 1 });
    expect(written).to.have.length(3);
    expect(readFileSync(join(to, 'big')).equals(Buffer.alloc(200_000, 1))).to.equal(true);
    expect(skipped).to.have.length(1);
  });

  it('takes away what a try that broke off has brought and is gone by the next', async () => {
    writeFileSync(join(from, 'a'), Buffer.alloc(200_000, 1));
    const far = machineHere([100_000]);
    let isFirst = true;
    const changing = {
      ...far,
      run: (argv: readonly string[]) => {
        if (!isFirst) rmSync(join(from, 'a'));
        isFirst = false;
        return far.run(argv);
      },
    };
    await fetchTree(changing, from, to, { only: ['a', 'logs'], pause: 1 });
    expect(existsSync(join(to, 'a'))).to.equal(false);
    expect(existsSync(join(to, 'logs/a b.log'))).to.equal(true);
  });

  it('does not take an archive without its end for a whole one, whatever tar(1) says', async () => {
    const far: Here = machineHere();
    const cut = ['sh', '-c', 'tar -cf - -C "$1" secret | head -c 1024', 'sh', from];
    const cutting = { ...far, run: () => far.run(cut) };
    const fault = await failure(fetchTree(cutting, from, to, { pause: 1 }));
    expect(fault.message).to.include('the archive broke off');
    expect(far.ran).to.have.length(4);
  });

  it('fetchLogsAndFiles() brings the logs and what was copied, as far as there are any', async () => {
    const written = await fetchLogsAndFiles(machineHere(), from, to);
    expect(written).to.deep.equal([join(to, 'logs/a b.log')]);
    rmSync(join(from, 'logs'), { recursive: true });
    expect(await fetchLogsAndFiles(machineHere(), from, to)).to.deep.equal([]);
  });
});

async function failure(work: Promise<unknown>): Promise<Fault> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Fault) return error;
  throw new Error(`expected a fault, found ${String(error)}`);
}
