import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { giveTree, personBehindSudo } from '../../src/trial/owner.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

describe('personBehindSudo()', () => {
  const sudo = { SUDO_UID: '1000', SUDO_GID: '100' };
  it('is who called sudo', () => {
    expect(personBehindSudo(sudo, 0)).to.deep.equal({ uid: 1000, gid: 100 });
  });
  it('is nobody without sudo, without root, or with a broken environment', () => {
    expect(personBehindSudo({}, 0)).to.equal(null);
    expect(personBehindSudo(sudo, 1000)).to.equal(null);
    expect(personBehindSudo({ SUDO_UID: 'x', SUDO_GID: '100' }, 0)).to.equal(null);
  });
});

describe('giveTree()', () => {
  it('gives away files, folders and links, but not what links point to', async () => {
    const self = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
    // Only root can give to another; an ordinary user still proves that the whole tree is walked.
    const owner = self.uid === 0 ? { uid: 65534, gid: 65534 } : self;
    const folder = mkdtempSync(join(tmpdir(), 'owner-'));
    const foreign = `${folder}.foreign`;
    writeFileSync(foreign, '');
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'b'), '');
    symlinkSync(foreign, join(folder, 'link'));
    await giveTree(folder, owner);
    for (const name of ['.', 'a', 'a/b', 'link'])
      expect(lstatSync(join(folder, name)).uid, name).to.equal(owner.uid);
    expect(lstatSync(foreign).uid).to.equal(self.uid);
    rmSync(folder, { recursive: true });
    rmSync(foreign);
  });
});
