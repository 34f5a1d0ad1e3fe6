import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../../../src/base/fault.ts';
import { type FarFile, fetchFile } from '../../../../src/lab/far/files/fetch-file.ts';
import { machineHere } from './here.ts';

describe('fetchFile()', () => {
  let folder: string;
  let from: string;
  const bytes = randomBytes(5_000_001);
  const wished = (text: Buffer, to = 'to/there.pcap'): FarFile => ({
    from,
    to: join(folder, to),
    bytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fetch-file-'));
    from = join(folder, "it's a\nname");
    writeFileSync(from, bytes);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('brings a file, in one connection', async () => {
    const far = machineHere();
    const file = wished(bytes);
    const told: number[] = [];
    await fetchFile(far, file, { onProgress: (count) => told.push(count) });
    expect(readFileSync(file.to).equals(bytes)).to.equal(true);
    expect(far.ran).to.have.length(1);
    expect(told.at(-1)).to.be.within(1 << 20, bytes.length);
  });

  it('brings an empty one', async () => {
    writeFileSync(from, '');
    const file = wished(Buffer.alloc(0));
    await fetchFile(machineHere(), file);
    expect(readFileSync(file.to)).to.have.length(0);
  });

  it('goes on where it was when the connection is lost', async () => {
    const far = machineHere([1_000_003, 0, 2_000_000]);
    const file = wished(bytes);
    await fetchFile(far, file, { pause: 1 });
    expect(readFileSync(file.to).equals(bytes)).to.equal(true);
    expect(far.ran.map((argv) => argv[0])).to.deep.equal(['cat', 'tail', 'tail', 'tail']);
    expect(far.ran.slice(1).map((argv) => argv[2])).to.deep.equal([
      '+1000004',
      '+1000004',
      '+3000004',
    ]);
  });

  it('goes on however often it is lost, as long as something comes', async () => {
    const far = machineHere(Array.from({ length: 25 }, () => 100_000));
    const file = wished(bytes);
    await fetchFile(far, file, { pause: 1 });
    expect(readFileSync(file.to).equals(bytes)).to.equal(true);
    expect(far.ran).to.have.length(26);
  });

  it('waits for a machine that cannot be reached for a while', async () => {
    const far = machineHere([1_000_000, 'away', 'away', 'away']);
    const file = wished(bytes);
    await fetchFile(far, file, { pause: 20 });
    expect(readFileSync(file.to).equals(bytes)).to.equal(true);
    expect(far.ran).to.have.length(5);
  });

  it('gives up when the connection is lost again and again', async () => {
    const far = machineHere(Array.from({ length: 20 }, () => 0));
    const fault = await failure(fetchFile(far, wished(bytes), { pause: 1 }));
    expect(fault).to.include({ kind: 'run' });
    expect(fault.message).to.include('does not come back').and.include('0 of 5000001 bytes');
    expect(far.ran).to.have.length(11);
  });

  it('gives up when the machine stays away', async () => {
    const far = machineHere([1_000_000, ...Array.from({ length: 500 }, () => 'away' as const)]);
    const fault = await failure(fetchFile(far, wished(bytes), { pause: 5, away: 200 }));
    expect(fault).to.include({ kind: 'run' });
    expect(fault.message).to.include('(Nothing answers), 1000000 of 5000001 bytes are here');
    expect(fault.help).to.include(join(folder, 'to/there.pcap'));
  });

  it('says when it grew meanwhile', async () => {
    const file = wished(bytes);
    appendFileSync(from, 'more');
    const fault = await failure(fetchFile(machineHere(), file));
    expect(fault.message).to.include('found more than 5000001 bytes: it has grown');
    expect(fault.help).to.include('sha256sum');
  });

  it('fetches what differs once more, and then names both', async () => {
    const file = wished(Buffer.from(bytes.map((byte) => byte ^ 1)));
    const far = machineHere();
    const fault = await failure(fetchFile(far, file));
    expect(far.ran).to.have.length(2);
    expect(fault.message)
      .to.include(from)
      .and.include(file.sha256)
      .and.include(wished(bytes).sha256);
  });

  it('says when it has shrunk', async () => {
    const file = wished(Buffer.concat([bytes, bytes]));
    const fault = await failure(fetchFile(machineHere(), file));
    expect(fault.message).to.include('expected 10000002 bytes').and.include('it has shrunk');
  });

  it('says why it cannot be read there', async () => {
    const file = wished(bytes);
    rmSync(from);
    const fault = await failure(fetchFile(machineHere(), file));
    expect(fault.message).to.include('No such file').and.include('machine "here"');
  });

  it('calls a full disk by its name', async () => {
    const fault = await failure(fetchFile(machineHere(), { ...wished(bytes), to: '/dev/full' }));
    expect(fault).to.include({ kind: 'machine' });
    expect(fault.message).to.equal(
      '"/dev/full" cannot be written on this machine: the disk is full',
    );
  });

  it('writes through no link', async () => {
    symlinkSync('/dev/null', join(folder, 'link'));
    const fault = await failure(fetchFile(machineHere(), wished(bytes, 'link')));
    expect(fault.message).to.include('ELOOP');
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Fault('run', 'Enough'));
    const fault = await failure(fetchFile(machineHere(), wished(bytes), { signal }));
    expect(fault.message).to.equal('Enough');
  });

  it('stops while it waits for the machine', async () => {
    const stopper = new AbortController();
    const never = { ...machineHere(), run: () => new Promise<never>(() => undefined) };
    const { signal } = stopper;
    setTimeout(() => stopper.abort(new Fault('run', 'Enough')), 20);
    const fault = await failure(fetchFile(never, wished(bytes), { signal }));
    expect(fault.message).to.equal('Enough');
  });
});

async function failure(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => new Error('It went well'),
    (reason: unknown) => reason,
  );
  if (error instanceof Fault) return error;
  throw error;
}
