import { expect } from 'chai';
import { StepFault, atStep } from '../../../src/agent/build/step-fault.ts';
import type { Step } from '../../../src/model/plan.ts';

const STEP: Step = {
  id: 'veth-3',
  do: { kind: 'namespace', node: 'a' },
  command: 'ip link add a',
  undo: '',
};
const error = (code: string, message: string): Error => Object.assign(new Error(message), { code });

describe('StepFault', () => {
  it('says step, command, errno and what to do', () => {
    const fault = new StepFault(STEP, error('EPERM', 'Not allowed here'));
    expect(fault.message).to.equal(
      'Step "veth-3" failed: "ip link add a" gave EPERM: Not allowed here',
    );
    expect(fault.help).to.contain('runner doctor');
    expect(fault).to.include({ kind: 'machine', step: 'veth-3' });
  });

  it('does not say the errno twice', () =>
    expect(new StepFault(STEP, error('EEXIST', 'EEXIST: file exists')).message).to.equal(
      'Step "veth-3" failed: "ip link add a" gave EEXIST: file exists',
    ));

  it('takes a hint that knows more', () =>
    expect(new StepFault(STEP, error('EPERM', ''), 'Do this').help).to.equal('Do this'));
});

describe('atStep()', () => {
  it('gives what the action gives', () => expect(atStep(STEP, () => 7)).to.equal(7));
  it("makes a failure the step's", () =>
    expect(() =>
      atStep(STEP, () => {
        throw error('EMFILE', 'too many');
      }),
    ).to.throw(StepFault, 'gave EMFILE: too many'));
});
