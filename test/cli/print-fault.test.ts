import { Fault } from '../../src/base/fault.ts';
import { PLAIN } from '../../src/report/text.ts';
import { expect } from 'chai';
import { renderFault } from '../../src/cli/print-fault.ts';

describe('renderFault()', () => {
  it('shows message and help', () => {
    const fault = new Fault('machine', 'No space', { help: 'Free some' });
    expect(renderFault(fault, PLAIN)).to.equal('error: No space\n  = help: Free some');
  });

  it('shows the stack of a bug, also when it broke a run', () => {
    const bug = new TypeError('x is not a function');
    expect(renderFault(bug, PLAIN)).to.include('print-fault.test.ts').and.include('please report');
    const broken = new Fault('run', 'x is not a function', { cause: bug });
    expect(renderFault(broken, PLAIN)).to.include('print-fault.test.ts');
  });

  it('shows no stack for what the system refused', () => {
    const fault = new Fault('machine', 'No space', { cause: new Error('ENOSPC') });
    expect(renderFault(fault, PLAIN)).to.equal('error: No space');
  });
});
