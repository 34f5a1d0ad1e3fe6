import { labAndNode, oneLab, splitCommand } from '../../src/cli/find-lab.ts';
import { LOCAL } from '../../src/model/machine.ts';
import type { LiveLab } from '../../src/lab/list.ts';
import { expect } from 'chai';

const lab = (id: string, scenario: string): LiveLab => ({
  id,
  scenario,
  agentPid: 1,
  holderPid: 1,
  holderStart: 1,
  started: '',
  directory: '',
  state: 'kept',
  containers: {},
  engine: '',
  machines: [],
  nodes: ['client', 'server'],
  descriptors: {},
});
const first = lab('ab12cd34', 'censor');
const second = lab('ab99cd34', 'throttle');

describe('oneLab()', () => {
  it('is the only lab when none is named', () => {
    expect(oneLab([first], undefined)).to.equal(first);
  });
  it('is the whole lab, where a part of it is on this computer too', () => {
    const part = { machine: LOCAL, id: 'ef99cd34', nodes: [] };
    const whole = { ...first, machines: [part] };
    const labs = [whole, lab(part.id, first.scenario)];
    expect(oneLab(labs, undefined)).to.equal(whole);
    expect(oneLab(labs, first.scenario)).to.equal(whole);
    expect(oneLab(labs, 'ef99').id).to.equal(part.id);
  });
  for (const name of ['ab12cd34', 'ab1', 'censor'])
    it(`finds a lab by ${name}`, () => {
      expect(oneLab([first, second], name)).to.equal(first);
    });
  const wrong: [readonly LiveLab[], string | undefined, string][] = [
    [[], undefined, 'No lab is up'],
    [[first, second], undefined, 'Several labs are meant: ab12cd34 (censor), ab99cd34 (throttle)'],
    [[first, second], 'ab', 'Several labs are meant'],
    [[first], 'zz', 'No lab is named "zz"'],
    [[], 'zz', 'No lab is named "zz"'],
  ];
  for (const [labs, name, message] of wrong)
    it(`says: ${message}`, () => {
      expect(() => oneLab(labs, name)).to.throw(message);
    });
});

describe('oneLab() for a name that no lab has', () => {
  it('lists the labs that are up', () => {
    expect(() => oneLab([first], 'zz'))
      .to.throw()
      .with.property('help', 'Up: ab12cd34 (censor) with client, server');
  });
});

describe('splitCommand()', () => {
  const cases: [string[], string[], string[]][] = [
    [['client', 'curl', '-sS'], ['client'], ['curl', '-sS']],
    [
      ['censor', 'client', 'ls', '-l'],
      ['censor', 'client'],
      ['ls', '-l'],
    ],
    [['ab12', 'client'], ['ab12', 'client'], []],
    [['client', 'server'], ['client'], ['server']],
    [[], [], []],
  ];
  for (const [words, own, command] of cases)
    it(`takes "${words.join(' ')}" apart`, () => {
      expect(splitCommand([first, second], { words, command: [] })).to.deep.equal({
        words: own,
        command,
      });
    });
  it('leaves what "--" set apart', () => {
    const input = { words: ['client'], command: ['ls'] };
    expect(splitCommand([first], input)).to.deep.equal(input);
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
