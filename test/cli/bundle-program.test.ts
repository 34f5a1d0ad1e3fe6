import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../../src/cli/bundle-program.ts';

describe('bundleProgram()', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-program-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it('takes types out, brings in what is imported, and gives the same text again', async () => {
    write('ports.ts', 'export const PORTS: readonly number[] = [81];');
    const file = write(
      'censor.ts',
      `import type { PacketHandler } from 'netscenario/program';
       import { PORTS } from './ports.ts';
       enum Word { Drop = 'drop' }
       const packet: PacketHandler = ({ tcp }) => (PORTS.includes(tcp?.dstport ?? 0) ? Word.Drop : 'pass');
       export default packet;`,
    );
    const bundled = bundleProgram(file);
    if (!bundled.ok) throw new Error(JSON.stringify(bundled.error));
    expect(bundleProgram(file)).to.deep.equal(bundled);
    expect(bundled.value).to.not.include(folder);
    const built = write('built.mjs', bundled.value);
    const exports = (await import(built)) as { default: (packet: object) => string };
    expect(exports.default({ tcp: { dstport: 81 } })).to.equal('drop');
    expect(exports.default({})).to.equal('pass');
  });

  it('says where it does not understand, and what it does not find', () => {
    const wrong = write('wrong.ts', 'export default (\n  packet: =>\n');
    expect(bundleProgram(wrong)).to.deep.equal({
      ok: false,
      error: 'line 2, column 11: Unexpected "=>"',
    });
    const lost = bundleProgram(write('lost.ts', "import './nowhere.ts';"));
    expect(lost).to.deep.equal({
      ok: false,
      error: 'line 1, column 8: Could not resolve "./nowhere.ts"',
    });
    expect(bundleProgram(join(folder, 'missing.ts'))).to.have.property('ok', false);
  });
});
