import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/base/fault.ts';
import { writeText } from '../../src/cli/write-text.ts';

const HELP = 'Name another';

describe('writeText()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'write-text-'));
  after(() => rmSync(folder, { recursive: true }));

  const faultOf = (path: string): Fault => {
    try {
      writeText(path, 'second', { help: HELP });
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
    throw new Error('It was written');
  };

  it('makes the folders above, and writes over a file only with force', () => {
    const file = join(folder, 'new', 'a.yaml');
    writeText(file, 'first', { help: HELP });
    expect(faultOf(file)).to.include({ kind: 'usage', help: HELP });
    expect(readFileSync(file, 'utf8')).to.equal('first');
    writeText(file, 'second', { force: true, help: HELP });
    expect(readFileSync(file, 'utf8')).to.equal('second');
  });

  it('says of a machine that cannot why', () => {
    writeText(join(folder, 'file'), '', { help: HELP });
    const file = join(folder, 'file', 'below');
    const { kind, message } = faultOf(file);
    expect(kind).to.equal('machine');
    expect(message).to.include(`"${file}" cannot be written`);
  });
});
