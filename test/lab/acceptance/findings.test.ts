// What a fuzzer finds between a real switch and a real controller: each finding is a scenario of its own, which finds it again. As an ordinary
// user.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { asOrdinaryUser } from './support/ordinary-user.ts';
import { apply, scratch } from './support/runner.ts';

const FILE = 'scenarios/relay/fuzz.yaml';
const TIMEOUT = 110_000;

describe('findings of a fuzzer', function () {
  this.timeout(10 * TIMEOUT);
  const folder = scratch('findings');
  after(() => folder.remove());

  it('are scenarios that find the same again', async () => {
    const { checkout, ...user } = asOrdinaryUser(folder.path);
    const options = { ...user, checkout, timeout: TIMEOUT, out: join(folder.path, 'results') };
    await apply(join(checkout, FILE), options);
    const found = join(options.out, 'relay-fuzz', 'latest', 'findings');
    const files = readdirSync(found);
    expect(files).to.not.be.empty;
    for (const file of files) {
      const { expectations } = await apply(join(found, file), options);
      expect(expectations, file).to.have.length(1);
      expect(
        expectations.filter(({ held }) => !held),
        file,
      ).to.deep.equal([]);
    }
  });
});
