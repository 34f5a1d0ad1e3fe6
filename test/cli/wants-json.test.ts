import { expect } from 'chai';
import { wantsJson } from '../../src/cli/wants-json.ts';

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
