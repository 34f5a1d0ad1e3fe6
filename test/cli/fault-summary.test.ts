import { Fault } from '../../src/base/fault.ts';
import { expect } from 'chai';
import { faultSummary } from '../../src/cli/fault-summary.ts';

describe('faultSummary()', () => {
  it('tells what is wrong with the input from what broke', () => {
    expect(faultSummary(new Fault('usage', 'a', { help: 'b' }))).to.deep.equal({
      status: 'invalid',
      fault: { message: 'a', help: 'b' },
    });
    expect(faultSummary(new Fault('machine', 'a'))).to.deep.equal({
      status: 'broken',
      fault: { message: 'a' },
    });
    expect(faultSummary(new Error('a'))).to.have.property('status', 'broken');
  });
});
