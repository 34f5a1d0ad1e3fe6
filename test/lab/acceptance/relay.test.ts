// The catalogue of attacks on the channel between a switch and its controller, with a real one of each: what the man in the middle
// does is seen at the far end, as each file says. As an ordinary user.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { asOrdinaryUser } from './support/ordinary-user.ts';
import type { ApplyReport } from './support/runner.ts';
import { CHECKOUT, apply, scratch } from './support/runner.ts';

const FOLDER = 'scenarios/relay';
const ATTACKS = readdirSync(join(CHECKOUT, FOLDER))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join(FOLDER, file));
const SCENARIOS = [...ATTACKS, 'scenarios/mproxy.yaml', 'scenarios/mproxy-unix.yaml'];
/** Labs at once. */
const CONCURRENCY = 2;
const TIMEOUT = 110_000;

describe('the catalogue of attacks on a control channel', function () {
  this.timeout(SCENARIOS.length * TIMEOUT);
  const folder = scratch('relay');
  const runs = new Map<string, ApplyReport | Error>();

  before(async () => {
    const { checkout, ...user } = asOrdinaryUser(folder.path);
    const waiting = [...SCENARIOS];
    const work = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
        try {
          const report = await apply(join(checkout, file), {
            ...{ ...user, checkout, timeout: TIMEOUT },
            out: join(folder.path, 'results'),
          });
          runs.set(file, report);
        } catch (error) {
          runs.set(file, error instanceof Error ? error : new Error(String(error)));
        }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  });
  after(() => folder.remove());

  it('has attacks', () => expect(ATTACKS).to.not.be.empty);

  for (const file of SCENARIOS)
    it(`${file} does what it says, and it is seen where it says`, () => {
      const run = runs.get(file);
      if (run === undefined || run instanceof Error) throw run ?? new Error(`${file} not run`);
      expect(run.expectations).to.not.be.empty;
      expect(run.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    });
});
