import { REPORT } from '../report/fixture.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import { expect } from 'chai';
import { makeInput } from '../../src/cli/input.ts';
import { rerunCommand } from '../../src/cli/rerun.ts';

describe('rerunCommand()', () => {
  it('names all that decides the plan, wherever it came from', () => {
    const apply = VERBS.find((verb) => verb.name === 'apply')!;
    const given = new Map<string, true | string[]>([
      ['set', ['sni=a b']],
      ['keep', true],
    ]);
    const input = makeInput(apply, ['x.yaml'], [], given, {
      RUNNER_NO_CENSOR: '1',
      RUNNER_NO_BUILD: '1',
    });
    expect(rerunCommand(input, REPORT.plan)).to.equal(
      "runner apply x.yaml --set 'sni=a b' --no-build --no-censor --seed 1",
    );
  });
});
