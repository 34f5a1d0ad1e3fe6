import { expect } from 'chai';
import { makeInput } from '../../../src/cli/input.ts';
import { chosenMachine } from '../../../src/cli/there/machine-option.ts';
import { machineWords, sameCall } from '../../../src/cli/there/run-there.ts';
import type { Input } from '../../../src/cli/verb.ts';
import { VERBS } from '../../../src/cli/verbs.ts';

const call = (
  given: readonly [string, true | string[]][],
  environment: Record<string, string> = {},
  words: readonly string[] = [],
  command: readonly string[] = [],
): Input => {
  const verb = VERBS.find(({ name }) => name === 'exec')!;
  return makeInput(verb, words, command, new Map(given), environment);
};

describe('chosenMachine()', () => {
  it('is this machine when none is named', () => {
    expect(chosenMachine(call([]))).to.equal(null);
    expect(chosenMachine(call([], { RUNNER_BECOME: 'sudo' }))).to.equal(null);
  });

  it('takes the way from the options', () => {
    const machine = chosenMachine(
      call([
        ['machine', ['lab@[2001:db8::7]:2222']],
        ['become', ['sudo']],
        ['identity', ['a', 'b']],
        ['known-hosts', ['known']],
        ['jump', ['x@gate.example.org:22,198.51.100.7']],
      ]),
    );
    expect(machine).to.deep.include({ name: 'lab@[2001:db8::7]:2222', become: 'sudo' });
    expect(machine?.ssh).to.deep.equal({
      ...{ host: '2001:db8::7', port: 2222, user: 'lab', identities: ['a', 'b'] },
      knownHosts: ['known'],
      jumps: [
        { host: 'gate.example.org', port: 22, user: 'x' },
        { host: '198.51.100.7', port: null, user: null },
      ],
    });
  });

  it('takes it from the environment', () => {
    const machine = chosenMachine(
      call([], { RUNNER_MACHINE: 'edge', RUNNER_IDENTITY: 'a\nb', RUNNER_BECOME: 'sudo' }),
    );
    expect(machine).to.deep.include({ name: 'edge', become: 'sudo' });
    expect(machine?.ssh?.identities).to.deep.equal(['a', 'b']);
    expect(machine?.ssh?.jumps).to.equal(null);
  });

  const wrong: [string, [string, string[]][], string][] = [
    ['a port that is none', [['machine', ['edge:99999']]], 'Expected a port from 1 to 65535'],
    ['a word like an option', [['machine', ['-oProxyCommand=x']]], 'in --machine'],
    [
      'another way to become root',
      [
        ['machine', ['e']],
        ['become', ['su']],
      ],
      'Expected "sudo" in --become, found "su"',
    ],
    [
      'a bad jump host',
      [
        ['machine', ['e']],
        ['jump', ['a b']],
      ],
      'in --jump',
    ],
    [
      'a way to nowhere',
      [['identity', ['a']]],
      '--identity says how to reach a machine, and none is named',
    ],
  ];
  for (const [title, given, message] of wrong)
    it(`refuses ${title}`, () => {
      expect(() => chosenMachine(call(given))).to.throw(message);
    });
});

describe('machineWords()', () => {
  it('gives the options that lead to the same machine again', () => {
    const words = [
      '--machine',
      'lab@[2001:db8::7]:2222',
      '--become',
      'sudo',
      '--identity',
      '/k',
      '--jump',
      'a,b:2',
    ];
    const given: [string, string[]][] = [
      ['machine', ['lab@[2001:db8::7]:2222']],
      ['become', ['sudo']],
      ['identity', ['/k']],
      ['jump', ['a,b:2']],
    ];
    const machine = chosenMachine(call(given));
    expect(machine && machineWords(machine)).to.deep.equal(words);
  });
});

describe('sameCall()', () => {
  it('leaves out what leads to the machine', () => {
    const input = call([['machine', ['edge']]], {}, ['lab', 'node'], ['ls', '-l']);
    expect(sameCall('exec', input)).to.deep.equal(['exec', 'lab', 'node', '--', 'ls', '-l']);
  });
});
