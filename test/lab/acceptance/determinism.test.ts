import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT, apply, runRunner, said, scratch } from './support/runner.ts';

const RUNS = 10;

describe('determinism', function () {
  this.timeout(180_000);
  const folder = scratch('determinism');
  after(() => folder.remove());

  it('plan gives the same bytes from another folder, home, language and time zone', async () => {
    const places = [
      { name: 'a', environment: { LANG: 'C', LC_ALL: 'C', TZ: 'UTC' } },
      {
        name: 'other/b',
        environment: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' },
      },
    ];
    const plans = await Promise.all(
      places.map(async ({ name, environment }) => {
        const home = join(folder.path, name);
        mkdirSync(home, { recursive: true });
        cpSync(join(CHECKOUT, 'scenarios'), home, { recursive: true });
        const result = await runRunner(['plan', 'censor.yaml', '--json'], {
          cwd: home,
          environment: { ...environment, HOME: home },
        });
        expect(result.code, said(result)).to.equal(0);
        return result.stdout;
      }),
    );
    expect(plans[0]).to.include('"steps"');
    expect(plans[1]).to.equal(plans[0]);
  });

  it(`apply gives the same verdicts ${RUNS} times`, async () => {
    const seen = new Set<string>();
    for (let run = 0; run < RUNS; run += 1) {
      const report = await apply(join(CHECKOUT, 'scenarios/censor.yaml'), { out: folder.path });
      const verdicts = report.verdicts.map(({ flow, failure, cause, by }) => ({
        flow,
        failure,
        cause,
        by,
      }));
      seen.add(JSON.stringify({ planHash: report.planHash, verdicts }));
    }
    expect([...seen]).to.have.lengthOf(1);
  });
});
