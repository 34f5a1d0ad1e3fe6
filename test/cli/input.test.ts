import { makeInput, variableOf } from '../../src/cli/input.ts';
import type { Input } from '../../src/cli/verb.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import { expect } from 'chai';

const apply = VERBS.find((verb) => verb.name === 'apply')!;
const input = (
  environment: Record<string, string>,
  given: [string, true | string[]][] = [],
): Input => makeInput(apply, [], [], new Map(given), environment);

describe('makeInput()', () => {
  it('takes options from the environment', () => {
    const found = input({ RUNNER_OUT: '/r', RUNNER_KEEP: '1', RUNNER_NO_CENSOR: 'yes' });
    expect(found.text('out')).to.equal('/r');
    expect(found.has('keep')).to.equal(true);
    expect(found.has('no-censor')).to.equal(true);
    expect(found.has('quiet')).to.equal(false);
  });

  it('prefers the command line', () => {
    expect(input({ RUNNER_OUT: '/r' }, [['out', ['/s']]]).text('out')).to.equal('/s');
  });

  for (const value of ['0', 'false', 'no', 'off', ''])
    it(`reads ${JSON.stringify(value)} as "no" for a switch`, () => {
      expect(input({ RUNNER_KEEP: value }).has('keep')).to.equal(false);
    });

  it('refuses other words for a switch', () => {
    expect(() => input({ RUNNER_KEEP: 'maybe' })).to.throw('RUNNER_KEEP, found "maybe"');
  });

  it('reads one value a line for an option that may be repeated', () => {
    expect(input({ RUNNER_SET: 'a=1,2\n b=3 4 \n' }).list('set')).to.deep.equal(['a=1,2', 'b=3 4']);
  });

  it('takes an empty variable for no value', () => {
    expect(input({ RUNNER_OUT: '' }).text('out')).to.equal(undefined);
  });
});

describe('variableOf()', () => {
  it('is the option in capitals', () => {
    expect(variableOf('no-censor')).to.equal('RUNNER_NO_CENSOR');
  });
});
