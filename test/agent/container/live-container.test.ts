import { expect } from 'chai';
import { describeExit } from '../../../src/agent/container/live-container.ts';

describe('describeExit()', () => {
  it('names signals and a lack of memory', () => {
    expect(describeExit({ code: 3, oomKilled: false })).to.equal('exit code 3');
    expect(describeExit({ code: 137, oomKilled: true })).to.equal(
      'exit code 137 (signal SIGKILL), out of memory',
    );
  });
});
