import { apply, runRunner, said, scratch } from '../../acceptance/support/runner.ts';
import { expect } from 'chai';
import { join } from 'node:path';

describe('init', function () {
  this.timeout(60_000);
  const folder = scratch('init');
  after(() => folder.remove());

  it('writes a scenario that passes', async () => {
    const result = await runRunner(['init', folder.path]);
    expect(result.code, said(result)).to.equal(0);
    const file = join(folder.path, 'scenario.yaml');
    const report = await apply(file, { out: join(folder.path, 'results') });
    expect(report.status).to.equal('passed');
    expect(report.expectations).to.have.length(2);
  });
});
