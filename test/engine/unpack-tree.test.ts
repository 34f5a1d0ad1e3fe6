import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Headers, pack } from 'tar-stream';
import { pathBelow, unpack } from '../../src/engine/unpack-tree.ts';

describe('unpack()', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'unpack-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const unpackAll = async (
    entries: readonly Headers[],
    to = 'to',
  ): Promise<{ written: string[]; skipped: string[] }> => {
    const archive = pack();
    for (const headers of entries)
      if (headers.type === undefined) archive.entry(headers, 'x');
      else archive.entry(headers, () => undefined);
    archive.finalize();
    const skipped: string[] = [];
    const written = await unpack(archive, join(folder, to), (line) => skipped.push(line));
    return { written, skipped };
  };

  it('keeps modes but for those that lend rights, and copies hard links', async () => {
    const { written } = await unpackAll([
      { name: 'top/', type: 'directory' },
      { name: 'top/a', mode: 0o4751 },
      { name: 'top/b', mode: 0o100 },
      { name: 'top/c', type: 'link', linkname: 'top/a' },
    ]);
    expect(written).to.deep.equal(['a', 'b', 'c'].map((name) => join(folder, 'to', name)));
    expect(statSync(join(folder, 'to/a')).mode & 0o7777).to.equal(0o751);
    expect(statSync(join(folder, 'to/b')).mode & 0o7777).to.equal(0o700);
    expect(readFileSync(join(folder, 'to/c'), 'latin1')).to.equal('x');
  });

  it('writes nothing outside the target, and no links or devices', async () => {
    const { written, skipped } = await unpackAll([
      { name: 'top/../../evil' },
      { name: '/evil' },
      { name: 'top/link', type: 'symlink', linkname: '/etc' },
      { name: 'top/device', type: 'character-device' },
      { name: 'top/hard', type: 'link', linkname: '/etc/passwd' },
    ]);
    expect(written).to.deep.equal([]);
    expect(skipped).to.have.length(5);
    expect(existsSync(join(folder, 'evil'))).to.equal(false);
  });

  it('does not write through a link that is there already', async () => {
    symlinkSync(join(folder, 'victim'), join(folder, 'to'));
    const error = await unpackAll([{ name: 'top' }]).catch((fault: unknown) => fault);
    expect(String(error)).to.contain('ELOOP');
    expect(existsSync(join(folder, 'victim'))).to.equal(false);
  });
});

describe('pathBelow()', () => {
  it('never gives a path that leads upward', () => {
    const part = fc.constantFrom('..', '.', '', 'a', '...', 'b\n');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const path = pathBelow(parts.join('/'));
        expect(join('/top', path ?? '')).to.match(/^\/top(\/|$)/);
      }),
    );
  });
});
