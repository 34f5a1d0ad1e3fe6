import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../src/base/hash.ts';
import { listFolder } from '../../src/cli/list-folder.ts';

describe('listFolder()', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'list-folder-'));
    mkdirSync(join(root, 'site/css'), { recursive: true });
    mkdirSync(join(root, 'site/.well-known'));
    mkdirSync(join(root, 'site/.git'));
    for (const [name, text] of Object.entries({
      ...{ 'site/index.html': 'page', 'site/css/main.css': '', 'secret.txt': 'secret' },
      ...{ 'site/.git/config': 'x', 'site/.hidden': 'x', 'site/.well-known/a': 'x' },
    }))
      writeFileSync(join(root, name), text);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('gives every file with its size and hash, by path, and no hidden one', () => {
    expect(listFolder(join(root, 'site'))).to.deep.equal({
      ok: true,
      value: {
        files: [
          { path: '.well-known/a', bytes: 1, sha256: sha256('x') },
          { path: 'css/main.css', bytes: 0, sha256: sha256('') },
          { path: 'index.html', bytes: 4, sha256: sha256('page') },
        ],
        astray: [],
      },
    });
  });

  it('follows links within the folder, and no others', () => {
    for (const [name, target] of Object.entries({
      'home.html': 'index.html',
      'css/home.html': '../index.html',
      ...{
        'out.txt': '../secret.txt',
        'gone.txt': 'nowhere',
        loop: '.',
        absolute: '/etc/hostname',
      },
    }))
      symlinkSync(target, join(root, 'site', name));
    const listing = listFolder(join(root, 'site'));
    if (!listing.ok) throw new Error(listing.error);
    const { files, astray } = listing.value;
    expect(files.filter(({ bytes }) => bytes === 4).map(({ path }) => path)).to.deep.equal([
      ...['css/home.html', 'home.html', 'index.html'],
    ]);
    expect(astray).to.deep.equal(['absolute', 'gone.txt', 'loop', 'out.txt']);
  });

  it('may itself be named by a link', () => {
    symlinkSync('site', join(root, 'link'));
    expect(listFolder(join(root, 'link'))).to.deep.equal(listFolder(join(root, 'site')));
  });

  it('says why there is none', () => {
    expect([listFolder(join(root, 'nowhere')), listFolder(join(root, 'secret.txt'))]).to.deep.equal(
      [
        { ok: false, error: 'it is not there' },
        { ok: false, error: 'it is no folder' },
      ],
    );
  });
});
