import { expect } from 'chai';
import { FilterProgram } from '../../src/kernel/filter-program.ts';

describe('FilterProgram', () => {
  it('encode() writes struct sock_filter, jumps as ways to their labels', () => {
    const program = new FilterProgram();
    program.load(2, 12);
    program.jumpUnless('equal', 0x800, 'other');
    program.end(0xffff_ffff);
    program.label('other');
    program.end(0);
    // As tcpdump -dd prints "ip", but for the plain jump behind the condition.
    expect(Buffer.from(program.encode()).toString('hex')).to.equal(
      [
        '280000000c000000',
        '1500010000080000',
        '0500000001000000',
        '06000000ffffffff',
        '0600000000000000',
      ].join(''),
    );
  });

  it('encode() refuses a label that is not there or lies behind', () => {
    const program = new FilterProgram();
    program.label('start');
    program.jump('start');
    expect(() => program.encode()).to.throw('jumps forwards');
    const lost = new FilterProgram();
    lost.jump('nowhere');
    expect(() => lost.encode()).to.throw('nowhere');
  });
});
