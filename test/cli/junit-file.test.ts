import { checkJunitFile, writeJunitFile } from '../../src/cli/junit-file.ts';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Fault } from '../../src/base/fault.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

describe('checkJunitFile()', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'junit-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('takes a file that can be written, and makes nothing', () => {
    const file = join(folder, 'a.xml');
    checkJunitFile(file);
    expect(existsSync(file)).to.equal(false);
    writeJunitFile(file, '<x/>');
    checkJunitFile(file);
    expect(readFileSync(file, 'utf8')).to.equal('<x/>');
  });

  for (const [title, name] of [
    ['a folder', '.'],
    ['a file in no folder', 'nowhere/a.xml'],
    ['a file in a file', 'a.xml/b.xml'],
  ] as const)
    it(`refuses ${title}`, () => {
      expect(() => checkJunitFile(join(folder, name)))
        .to.throw(Fault)
        .include({ kind: 'machine' })
        .with.property('help')
        .include('--junit FILE');
    });
});

describe('writeJunitFile()', () => {
  it('says what could not be written', () => {
    expect(() => writeJunitFile('/nowhere/a.xml', '')).to.throw(Fault, '"/nowhere/a.xml"');
  });
});
