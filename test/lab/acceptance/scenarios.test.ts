import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { needBaseImage, needEngine } from './support/engine.ts';
import { CHECKOUT, apply, scratch } from './support/runner.ts';

const FOLDER = join(CHECKOUT, 'scenarios');
const SHIPPED = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

const CONTAINERISED = SHIPPED.filter((file) =>
  /^containers:/m.test(readFileSync(join(FOLDER, file), 'utf8')),
);

describe('the scenarios that ship', function () {
  this.timeout(120_000);
  const folder = scratch('scenarios');
  after(() => folder.remove());

  const holds = (file: string, timeout: number): void => {
    it(`${file} meets its own expectations`, async () => {
      const report = await apply(join(FOLDER, file), { out: folder.path, timeout });
      expect(report.expectations).to.not.be.empty;
      expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    });
  };

  for (const file of SHIPPED.filter((name) => !CONTAINERISED.includes(name))) holds(file, 110_000);

  describe('with containers', function () {
    this.timeout(300_000);
    before(function () {
      needEngine(this);
      needBaseImage();
    });
    for (const file of CONTAINERISED) holds(file, 240_000);
  });
});
