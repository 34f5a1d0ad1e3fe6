import { labAndNode, oneLab } from '../../src/cli/find-lab.ts';
import type { LabRecord } from '../../src/lab/list.ts';
import { expect } from 'chai';

const lab = (id: string, scenario: string): LabRecord => ({
  id,
  scenario,
  agentPid: 1,
  holderPid: 1,
  holderStart: 1,
  started: '',
  directory: '',
  kept: true,
  nodes: ['client', 'server'],
  descriptors: {},
});
const first = lab('ab12cd34', 'censor');
const second = lab('ab99cd34', 'throttle');

describe('oneLab()', () => {
  it('is the only lab when none is named', () => {
    expect(oneLab([first], undefined)).to.equal(first);
  });
  for (const name of ['ab12cd34', 'ab1', 'censor'])
    it(`finds a lab by ${name}`, () => {
      expect(oneLab([first, second], name)).to.equal(first);
    });
  const wrong: [readonly LabRecord[], string | undefined, string][] = [
    [[], undefined, 'No lab is up'],
    [[first, second], undefined, 'Several labs are meant: ab12cd34 (censor), ab99cd34 (throttle)'],
    [[first, second], 'ab', 'Several labs are meant'],
    [[first], 'zz', 'No lab is called "zz"'],
  ];
  for (const [labs, name, message] of wrong)
    it(`says: ${message}`, () => {
      expect(() => oneLab(labs, name)).to.throw(message);
    });
});

describe('labAndNode()', () => {
  it('takes a single word for a node', () => {
    expect(labAndNode([first], ['client'])).to.deep.equal({ lab: first, node: 'client' });
  });
  it('takes two words for lab and node', () => {
    expect(labAndNode([first, second], ['throttle', 'server'])).to.include({ lab: second });
  });
  it('guesses what an unknown node was meant to be', () => {
    expect(() => labAndNode([first], ['cleint']))
      .to.throw('has no node "cleint"')
      .with.property('help', 'Did you mean "client"?');
  });
  it('does not take what every object has for a node', () => {
    expect(() => labAndNode([first], ['constructor'])).to.throw('has no node');
  });
});
