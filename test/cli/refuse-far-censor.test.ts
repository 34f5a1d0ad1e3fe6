import { LOCAL } from '../../src/model/machine.ts';
import { expect } from 'chai';
import { refuseFarCensor } from '../../src/cli/refuse-far-censor.ts';

describe('refuseFarCensor()', () => {
  const machines = [{ machine: { ...LOCAL, name: 'edge' }, id: 'ab12', nodes: ['middle'] }];
  const censors = [
    { name: 'far', on: 'middle' },
    { name: 'near', on: 'gate' },
    { name: 'both', on: 'gate' },
    { name: 'both', on: 'middle' },
  ];
  const refuse = (name: string) => (): void =>
    refuseFarCensor({ machines }, censors, new Set([name]));

  it('names the machine of a censor that is on another', () => {
    expect(refuse('far')).to.throw('The censor "far" is on machine "edge"');
    expect(refuse('both')).to.throw('The censor "both" is on machine "edge"');
  });

  it('lets those of this machine be changed', () => {
    expect(refuse('near')).to.not.throw();
  });
});
