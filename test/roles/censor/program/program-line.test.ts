import { expect } from 'chai';
import { ProgramLine } from '../../../../src/roles/censor/program/program-line.ts';

/** A line, and what its link was told. */
function make(): { readonly line: ProgramLine<number>; readonly heard: string[] } {
  const heard: string[] = [];
  const line = new ProgramLine<number>();
  const link = { wake: () => heard.push('wake'), end: (reason: string) => heard.push(reason) };
  line.open(link, 0);
  return { line, heard };
}

const write = (item: number): string => `${item * 2}`;

describe('roles/censor/program/program-line', () => {
  it('send() wakes once, until takeOutput() has put all into one line', () => {
    const { line, heard } = make();
    expect(line.takeOutput(write)).to.equal(null);
    line.send('"hello"');
    line.send(4);
    expect(heard).to.deep.equal(['wake']);
    expect(line.takeOutput(write)).to.equal('["hello",8]');
    line.send(5);
    expect(heard).to.deep.equal(['wake', 'wake']);
    expect(line.takeOutput(write)).to.equal('10');
  });

  it('close() leaves nobody to be sent anything, and gives the link once', () => {
    const { line, heard } = make();
    line.send(1);
    line.close()?.end('over');
    expect(heard).to.deep.equal(['wake', 'over']);
    line.send(2);
    expect(line.takeOutput(write)).to.equal(null);
    expect(line.close()).to.equal(null);
    expect(line).to.include({ isOpen: false, isAttended: false, nextDue: Infinity });
  });

  it('is attended by a program that is ready, or takes over from one that was there', () => {
    const { line } = make();
    expect(line).to.include({ isAttended: false, patience: 2e6, nextDue: 10e6 });
    line.isReady = true;
    expect(line).to.include({ isAttended: true, patience: 0, nextDue: Infinity });
    line.open({ wake: () => undefined, end: () => undefined }, 5e6);
    expect(line).to.include({ isReady: false, isAttended: true, nextDue: 15e6 });
  });

  it('fault() finds who is never ready, and who hangs from when a verdict is owed', () => {
    const { line } = make();
    expect(line.fault(9.9e6, true, 100)).to.equal(null);
    expect(line.fault(10e6, false, 100)).to.match(/not say that it is ready within 10 s/);
    line.isReady = true;
    expect(line.fault(60e6, false, 100), 'nothing is late').to.equal(null);
    line.asks(60e6);
    line.asks(60.9e6);
    expect(line.fault(60.9e6, true, 100)).to.equal(null);
    expect(line.fault(61e6, true, 100)).to.equal('it hangs: it said nothing for 1000 ms');
    expect(line.fault(61e6, true, 500), 'five times its time').to.equal(null);
    line.hears(61e6);
    line.owes(false);
    expect(line.fault(61e6, true, 100)).to.equal(null);
    line.close();
    expect(line.fault(90e6, true, 100)).to.equal(null);
  });
});
