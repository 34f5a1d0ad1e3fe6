import { expect } from 'chai';
import { EXIT, Fault } from '../../src/base/fault.ts';
import { invariant, InvariantError, unreachable } from '../../src/base/invariant.ts';

describe('base/fault', () => {
  it('Fault knows its exit code by its kind', () => {
    expect(new Fault('usage', 'x').exitCode).to.equal(EXIT.badScenario);
    expect(new Fault('machine', 'x').exitCode).to.equal(EXIT.machineCannot);
    expect(new Fault('run', 'x').exitCode).to.equal(EXIT.runBroke);
  });

  it('Fault carries its help and its cause', () => {
    const cause = new Error('disk');
    const fault = new Fault('machine', 'No space', { help: 'Free some', cause });
    expect([fault.help, fault.cause]).to.deep.equal(['Free some', cause]);
  });

  it('invariant() throws only when the promise is broken', () => {
    expect(() => invariant(true, 'fine')).not.to.throw();
    expect(() => invariant(0, 'Steps come sorted')).to.throw(
      InvariantError,
      /^Steps come sorted \(this is a bug/,
    );
  });

  it('unreachable() names the value', () => {
    expect(() => unreachable('gre' as never, 'link kind')).to.throw(/Unknown link kind: "gre"/);
  });
});
