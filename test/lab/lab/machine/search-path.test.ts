import { expect } from 'chai';
import { searchPath } from '../../../../src/lab/machine/search-path.ts';

describe('searchPath()', () => {
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
  });

  it('adds the folders of system tools behind those of the user', () => {
    process.env['PATH'] = '/home/me/bin:/usr/sbin';
    expect(searchPath()).to.equal('/home/me/bin:/usr/sbin:/usr/local/sbin:/sbin');
  });
});
