import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT, apply, scratch } from './support/runner.ts';

const FOLDER = join(CHECKOUT, 'scenarios');
const SHIPPED = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

describe('the scenarios that ship', function () {
  this.timeout(120_000);
  const folder = scratch('scenarios');
  after(() => folder.remove());

  for (const file of SHIPPED)
    it(`${file} meets its own expectations`, async () => {
      const report = await apply(join(FOLDER, file), { out: folder.path, timeout: 110_000 });
      expect(report.expectations).to.not.be.empty;
      expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    });
});
