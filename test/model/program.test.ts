import { expect } from 'chai';
import { programArgv } from '../../src/model/program.ts';

describe('programArgv()', () => {
  it('passes file names and arguments as positions and never as shell text', () => {
    const hostile = '"; touch owned; $(id)';
    const argv = programArgv(hostile, '/lab/client.resolv.conf', ['echo', hostile]);
    const text = argv[argv.indexOf('-c') + 1];
    expect(text).to.not.contain('owned');
    expect(argv.slice(argv.indexOf('runner') + 1)).to.deep.equal([
      hostile,
      '/lab/client.resolv.conf',
      'echo',
      hostile,
    ]);
  });

  it('has the same shell text for every program', () => {
    expect(programArgv('a', 'b', ['c'])[5]).to.equal(programArgv('x', 'y', ['z', '1'])[5]);
  });
});
