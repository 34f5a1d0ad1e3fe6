import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const read = (path: string): string =>
  readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

describe('README.md', () => {
  it('shows the scenario that ships', () => {
    const shown = /```yaml\n([\s\S]*?)```/.exec(read('README.md'))?.[1];
    expect(shown).to.equal(read('scenarios/censor.yaml'));
  });

  it('names the commands that make and CI know', () => {
    for (const target of ['demo', 'test', 'bench'])
      expect(read('Makefile')).to.match(new RegExp(`^${target}:`, 'm'));
    expect(read('.ci/run')).to.match(/^exec make test$/m);
  });
});
