import { expect } from 'chai';
import { EPOCH, Tape } from '../support/tape.ts';
import { signalsOf } from './signals-of.ts';

const SEEN = { end: EPOCH + 3e6 };

/** Downloads 60 segments of 1000 bytes; `through` says when each leaves the middle, or null for never. */
function download(through: (index: number, entered: number) => number | null): Tape {
  const tape = new Tape({ plan: { censors: [] } });
  tape.handshake();
  for (let index = 0; index < 60; index += 1) {
    const sent = 60 + index * 10;
    const segment = {
      forward: false,
      sequence: 5001 + index * 1000,
      payload: new Uint8Array(1000),
      ipId: index + 1,
    };
    tape.pass(sent, segment, { to: 'middle.outside' });
    const left = through(index, sent + 20);
    if (left !== null) tape.pass(left, segment, { from: 'middle.inside' });
  }
  return tape;
}

describe('signalThrottling()', () => {
  it('calls it policing where segments are dropped in turns and none is held', () => {
    const tape = download((index, entered) => (index % 3 === 2 ? null : entered + 0.1));
    const [signal] = signalsOf(tape, 'policing', SEEN);
    expect(signal).to.include({ side: 'client', by: 'middle' });
    expect(signal!.detail).to.match(
      /^\d+ kbit\/s; 20 of 60 segments dropped in 19 turns; those let through held for 0\.10 ms at the median$/,
    );
    expect(signalsOf(tape, 'shaping', SEEN)).to.deep.equal([]);
  });

  it('calls it shaping where segments wait ever longer and none is dropped', () => {
    const tape = download((index, entered) => entered + index * 20);
    const [signal] = signalsOf(tape, 'shaping', SEEN);
    expect(signal).to.include({ side: 'client', by: 'middle' });
    expect(signal!.detail).to.match(
      /^\d+ kbit\/s; 0 of 60 segments dropped; held for 600 ms at the median, 1\.18 s at most$/,
    );
    expect(signalsOf(tape, 'policing', SEEN)).to.deep.equal([]);
  });

  it('says nothing of a download that nobody slows down', () => {
    const tape = download((_index, entered) => entered + 0.1);
    expect(signalsOf(tape, 'policing', SEEN)).to.deep.equal([]);
    expect(signalsOf(tape, 'shaping', SEEN)).to.deep.equal([]);
  });
});
