// The library of censors: each works live and is evaded as its file says, decides the same over what came to it, and what it stops
// succeeds without it. As an ordinary user.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { decisionsOf } from './support/decisions.ts';
import { asOrdinaryUser } from './support/ordinary-user.ts';
import type { ApplyReport } from './support/runner.ts';
import { CHECKOUT, apply, scratch } from './support/runner.ts';

const FOLDER = 'scenarios/censors';
const PRESETS = readdirSync(join(CHECKOUT, FOLDER)).filter((file) => file.endsWith('.yaml'));
/** Labs at once. */
const CONCURRENCY = 2;
const TIMEOUT = 110_000;

interface Runs {
  readonly censored: ApplyReport;
  readonly control: ApplyReport;
}

describe('the library of censors', function () {
  this.timeout(PRESETS.length * TIMEOUT);
  const folder = scratch('censors');
  const runs = new Map<string, Runs | Error>();

  before(async () => {
    const { checkout, ...user } = asOrdinaryUser(folder.path);
    const applyPreset = (file: string, ...flags: readonly string[]): Promise<ApplyReport> =>
      apply(join(checkout, FOLDER, file), {
        ...{ ...user, checkout, flags, timeout: TIMEOUT },
        out: join(folder.path, 'results'),
      });
    const waiting = [...PRESETS];
    const work = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
        try {
          const censored = await applyPreset(file);
          const control = await applyPreset(file, '--no-censor');
          runs.set(file, { censored, control });
        } catch (error) {
          runs.set(file, error instanceof Error ? error : new Error(String(error)));
        }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  });
  after(() => folder.remove());

  const runsOf = (file: string): Runs => {
    const found = runs.get(file);
    if (found === undefined || found instanceof Error) throw found ?? new Error(`${file} not run`);
    return found;
  };

  it('has censors', () => expect(PRESETS).to.not.be.empty);

  for (const file of PRESETS) {
    it(`${file} interferes as it says and is evaded as it says`, () => {
      const { censored } = runsOf(file);
      expect(censored.expectations).to.not.be.empty;
      expect(censored.expectations.filter(({ held }) => !held)).to.deep.equal([]);
      expect(censored.verdicts.filter(({ cause }) => cause !== null)).to.not.be.empty;
    });

    it(`${file} decides over a capture of what came to it as it did live`, async () => {
      const { results } = runsOf(file).censored;
      const decisions = await decisionsOf(join(CHECKOUT, FOLDER, file), results, folder.path);
      expect(decisions.flatMap(({ live }) => live)).to.not.be.empty;
      for (const { censor, live, offline } of decisions)
        expect(offline, censor).to.deep.equal(live);
    });

    it(`${file} left out lets all that it stops succeed`, () => {
      const { censored, control } = runsOf(file);
      const flowsOf = ({ verdicts }: Pick<ApplyReport, 'verdicts'>): readonly string[] =>
        verdicts.map(({ flow }) => flow);
      expect(flowsOf(control)).to.deep.equal(flowsOf(censored));
      expect(control.expectations.filter(({ held }) => !held)).to.deep.equal([]);
      const stopped = censored.verdicts.filter((one) => one.failure !== null && one.cause !== null);
      const succeeded = control.verdicts.filter(({ failure }) => failure === null);
      expect(flowsOf({ verdicts: succeeded })).to.include.members(flowsOf({ verdicts: stopped }));
    });
  }
});
