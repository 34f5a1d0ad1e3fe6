import { Fault } from '../../src/base/fault.ts';
import { expect } from 'chai';
import { resultsFault } from '../../src/trial/results-fault.ts';

describe('resultsFault()', () => {
  for (const [code, help] of [
    ['ENOSPC', 'Free space'],
    ['EROFS', 'read-only'],
    ['EACCES', 'ls -ld'],
    ['EIO', '--out DIR'],
  ] as const)
    it(`says what mends ${code}`, () => {
      const fault = resultsFault(Object.assign(new Error(code), { code }), '/r');
      expect(fault).to.include({ kind: 'machine' }).and.property('help').include(help);
    });

  it('leaves a fault as it is', () => {
    const fault = new Fault('run', 'gone');
    expect(resultsFault(fault, '/r')).to.equal(fault);
  });
});
