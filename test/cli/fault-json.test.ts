import { faultSummary, wantsJson } from '../../src/cli/fault-json.ts';
import { Fault } from '../../src/base/fault.ts';
import { expect } from 'chai';

describe('faultSummary()', () => {
  it('tells what is wrong with the input from what broke', () => {
    expect(faultSummary(new Fault('usage', 'a', { help: 'b' }))).to.deep.equal({
      status: 'invalid',
      fault: { message: 'a', help: 'b' },
    });
    expect(faultSummary(new Fault('machine', 'a'))).to.deep.equal({
      status: 'broken',
      fault: { message: 'a' },
    });
    expect(faultSummary(new Error('a'))).to.have.property('status', 'broken');
  });
});

describe('wantsJson()', () => {
  const cases: [string[], Record<string, string>, boolean][] = [
    [['apply', 'x', '--json'], {}, true],
    [['apply', 'x'], { RUNNER_JSON: '1' }, true],
    [['apply', 'x'], { RUNNER_JSON: 'maybe' }, false],
    [['apply', 'x', '--', '--json'], {}, false],
    [['exec', 'client', 'curl', '--json'], {}, false],
    [['nope', '--json'], {}, false],
  ];
  for (const [argv, environment, wanted] of cases)
    it(`is ${wanted} for ${argv.join(' ')} ${JSON.stringify(environment)}`, () => {
      expect(wantsJson(argv, environment)).to.equal(wanted);
    });
});
