import { expect } from 'chai';
import { join } from 'node:path';
import { shownPath } from '../../src/cli/shown-path.ts';

describe('shownPath()', () => {
  it('is relative below the current folder and absolute elsewhere', () => {
    expect(shownPath(join(process.cwd(), 'results/x'))).to.equal('results/x');
    expect(shownPath('/')).to.equal('/');
    expect(shownPath(process.cwd())).to.equal(process.cwd());
  });
});
