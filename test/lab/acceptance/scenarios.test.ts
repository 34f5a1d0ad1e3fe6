import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { needBaseImage, needEngine } from './support/engine.ts';
import type { RunOptions } from './support/runner.ts';
import { CHECKOUT, IS_ROOT, apply, scratch } from './support/runner.ts';
import type { LabMachines } from '../machines/machines.ts';
import { startMachines } from '../machines/machines.ts';

const FOLDER = join(CHECKOUT, 'scenarios');
const SHIPPED = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

const CONTAINERISED = SHIPPED.filter((file) =>
  /^containers:/m.test(readFileSync(join(FOLDER, file), 'utf8')),
);

const SPREAD = SHIPPED.filter((file) =>
  /^inventory:/m.test(readFileSync(join(FOLDER, file), 'utf8')),
);
/** Machines by the groups that these scenarios name. */
const GROUPS = {
  ...{ client: [1], censor: [2], server: [3] },
  ...{ online: [1], target: [2], assistant: [3] },
  ...{ vpn: [1, 2, 3], comp: [4] },
};

interface Flags {
  readonly flags?: readonly string[];
}

const none = (): RunOptions & Flags => ({});

describe('the scenarios that ship', function () {
  this.timeout(120_000);
  const folder = scratch('scenarios');
  after(() => folder.remove());

  const holds = (file: string, timeout: number, more: () => RunOptions & Flags = none): void => {
    it(`${file} meets its own expectations`, async () => {
      const options = { ...more(), out: folder.path, timeout };
      const report = await apply(join(FOLDER, file), options);
      expect(report.expectations).to.not.be.empty;
      expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    });
  };

  for (const file of SHIPPED)
    if (!CONTAINERISED.includes(file) && !SPREAD.includes(file)) holds(file, 110_000);

  describe('over several machines', () => {
    let machines: LabMachines | undefined;
    before(async function () {
      if (!IS_ROOT) {
        process.stderr.write('      only root can make machines: run with sudo\n');
        this.skip();
      }
      machines = await startMachines({ machines: 4, groups: GROUPS });
    });
    after(() => machines?.dispose());
    for (const file of SPREAD)
      holds(file, 110_000, () => ({
        ...machines?.controller,
        flags: ['--set', `inventory=${machines?.inventory ?? ''}`],
      }));
  });

  describe('with containers', function () {
    this.timeout(300_000);
    before(function () {
      needEngine(this);
      needBaseImage();
    });
    for (const file of CONTAINERISED)
      holds(file, 240_000, () => ({ environment: { APP_PASSWORD: "pencil, 11 'euros'" } }));
  });
});
