import { expect } from 'chai';
import { describePlay, describePlays } from '../../../src/cli/endpoint/describe-play.ts';
import type { PartyReport } from '../../../src/model/script.ts';

const GOOD: PartyReport = {
  party: 'client',
  node: 'client',
  failure: null,
  operation: null,
  step: null,
  start: 1_000_000,
  end: 1_061_000,
  sent: 38,
  received: 43,
  timings: {},
  tuples: [],
};
const BAD: PartyReport = {
  ...GOOD,
  failure: 'connection_reset',
  operation: 'read',
  step: '2',
  detail: 'read ECONNRESET',
};

describe('describePlay()', () => {
  it('says what became of a play', () => {
    expect(describePlay(3, GOOD)).to.equal('play 3: ok, 38 B sent, 43 B received, 61.0 ms');
  });

  it('says the failure, the step and the detail', () => {
    expect(describePlay(1, BAD)).to.contain('connection_reset at step 2 (read ECONNRESET)');
  });
});

describe('describePlays()', () => {
  it('sums up', () => {
    expect(describePlays([])).to.equal('0 plays, none ok, 0 B sent, 0 B received');
    expect(describePlays([GOOD])).to.equal('1 play, all ok, 38 B sent, 43 B received');
    expect(describePlays([GOOD, BAD])).to.equal(
      '2 plays, 1 failed, the first with connection_reset at step 2 (read ECONNRESET), 76 B sent, 86 B received',
    );
  });
});
