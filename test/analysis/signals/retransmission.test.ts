import { expect } from 'chai';
import { EPOCH, type Leg, Tape } from '../support/tape.ts';
import { signalsOf } from './signals-of.ts';

const SEEN = { end: EPOCH + 5e6 };
const DATA = { forward: true, sequence: 1001, acknowledgment: 5001, payload: 'hello' } as const;

function sent(times: readonly number[], leg: Leg = {}): Tape {
  const tape = new Tape();
  tape.handshake();
  for (const time of times) tape.pass(time, DATA, leg);
  return tape;
}

describe('signalRetransmission()', () => {
  it('tells the timer, and that it backs off', () => {
    const tape = sent([60, 260, 660, 1460], { to: 'middle.inside' });
    const [signal] = signalsOf(tape, 'retransmission', SEEN);
    expect(signal).to.include({ side: 'server' });
    expect(signal!.detail).to.equal(
      '3 segments sent again: 3 by timer after 200 ms, 400 ms, 800 ms (back-off)',
    );
    expect(signal!.proof.map(({ note }) => note)).to.deep.equal([
      'sent again after 200 ms',
      'sent again after 400 ms',
      'sent again after 800 ms',
    ]);
  });

  it('tells duplicate acknowledgments', () => {
    const tape = new Tape();
    tape.handshake();
    for (const [index, sequence] of [1001, 1006].entries()) {
      tape.pass(60 + index, { ...DATA, sequence }, { to: 'middle.inside' });
      for (const time of [70, 71, 72])
        tape.pass(time + 50 * index, { forward: false, sequence: 5001, acknowledgment: sequence });
      tape.pass(130 + 50 * index, { ...DATA, sequence });
    }
    const [signal] = signalsOf(tape, 'retransmission', SEEN);
    expect(signal!.detail).to.equal('2 segments sent again: 2 by duplicate acknowledgments');
  });

  it('tells what had come through before', () => {
    const [signal] = signalsOf(sent([60, 70, 80]), 'retransmission', SEEN);
    expect(signal!.detail).to.equal(
      '2 segments sent again: 2 sooner than a timer; 2 of what had come through',
    );
  });

  for (const [name, tape] of [
    ['one segment sent again', sent([60, 260], { to: 'middle.inside' })],
    ['segments that a link puts out of order', reordered()],
  ] as const)
    it(`says nothing of ${name}`, () => {
      expect(signalsOf(tape, 'retransmission', SEEN)).to.deep.equal([]);
    });
});

function reordered(): Tape {
  const tape = new Tape();
  tape.handshake();
  for (let index = 0; index < 4; index += 1)
    tape.pass(60 + index, { ...DATA, sequence: 1001 + 5 * (index ^ 1) });
  return tape;
}
