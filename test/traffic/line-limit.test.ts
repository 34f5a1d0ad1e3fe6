import { expect } from 'chai';
import { createLineLimit } from '../../src/traffic/line-limit.ts';

describe('traffic/line-limit createLineLimit()', () => {
  it('passes so many lines a second and says how many it kept', () => {
    const limit = createLineLimit(2);
    const passed = [0, 1, 2, 3].map((now) => limit.pass(`line ${now}`, now));
    expect(passed).to.deep.equal([['line 0'], ['line 1'], [], []]);
    expect(limit.pass('later', 1_000_000)).to.deep.equal([
      '(2 more lines are in the log)',
      'later',
    ]);
    expect(limit.pass('much later', 9_000_000)).to.deep.equal(['much later']);
  });
});
