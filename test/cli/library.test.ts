import { expect } from 'chai';
import { library } from '../../src/cli/library.ts';
import { findUsed } from '../../src/scenario/use/find-used.ts';

describe('library()', () => {
  it("has runner's own scenarios, from wherever they are used", () => {
    const own = library();
    expect(own.names?.()).to.include('block-page');
    const file = findUsed('block-page', '/nowhere/lab.yaml', own);
    expect(file).to.equal(`${own.folder ?? ''}/block-page.yaml`);
    expect(findUsed('./block-page', '/nowhere/lab.yaml', own)).to.equal(undefined);
  });
});
