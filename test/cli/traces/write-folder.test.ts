import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { refuseFilledFolder, writeFolder } from '../../../src/cli/traces/write-folder.ts';

describe('cli/traces/write-folder', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'traces-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writeFolder() makes the folder and those in it, over an empty one as well', () => {
    const files = [
      { name: 'index.csv', content: 'a\n' },
      { name: 'client.wg0/0-1', content: Uint8Array.of(1, 2) },
    ];
    const path = join(folder, 'deep/traces');
    expect(writeFolder(path, files)).to.equal(2);
    expect(readFileSync(join(path, 'index.csv'), 'utf8')).to.equal('a\n');
    expect([...readFileSync(join(path, 'client.wg0/0-1'))]).to.deep.equal([1, 2]);
    mkdirSync(join(folder, 'empty'));
    refuseFilledFolder(join(folder, 'empty'));
    expect(writeFolder(join(folder, 'empty'), files)).to.equal(2);
  });

  it('writeFolder() leaves nothing behind when it breaks', () => {
    const broken = function* (): Generator<{ name: string; content: string }> {
      yield { name: 'a', content: '1' };
      throw new Error('no more');
    };
    expect(() => writeFolder(join(folder, 'out'), broken())).to.throw('no more');
    expect([existsSync(join(folder, 'out')), existsSync(join(folder, 'out.partial'))]) //
      .to.deep.equal([false, false]);
  });

  it('refuseFilledFolder() refuses a folder with something in it, and a file', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const path of [folder, join(folder, 'file')])
      expect(() => refuseFilledFolder(path)).to.throw(`"${path}" is there already`);
    refuseFilledFolder(join(folder, 'new'));
  });
});
