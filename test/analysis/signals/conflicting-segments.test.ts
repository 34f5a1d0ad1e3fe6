import { expect } from 'chai';
import { EPOCH, type Segment, Tape, type TapeOptions } from '../support/tape.ts';
import { signalsOf } from './signals-of.ts';

const SEEN = { end: EPOCH + 500_000 };
const CLIENT_ALONE: TapeOptions = { captured: ['client.inside'] };
const DATA: Segment = {
  forward: false,
  sequence: 5001,
  acknowledgment: 1001,
  payload: 'the truth',
};

/** The server's data and another segment for the same place. */
function answered(second: Segment): Tape {
  const tape = new Tape(CLIENT_ALONE);
  tape.handshake();
  tape.pass(60, { ...DATA, ttl: 63 });
  tape.pass(100, second);
  return tape;
}

describe('signalConflictingSegments()', () => {
  for (const [name, second, detail] of [
    ['other bytes', { ...DATA, payload: 'the lie' }, /said again with other bytes from byte 4 on$/],
    ['another TTL', { ...DATA, ttl: 55 }, /said again with TTL 55 for 63$/],
    [
      'another beginning',
      { forward: false, flags: ['SYN', 'ACK'], sequence: 9000, acknowledgment: 1001 },
      /two of them begin at 5000 and 9000$/,
    ],
  ] as const)
    it(`finds ${name}`, () => {
      const [signal, ...others] = signalsOf(answered(second), 'conflicting-segments', SEEN);
      expect(others).to.deep.equal([]);
      expect(signal).to.include({ side: 'client' });
      expect(signal!.detail).to.match(detail);
    });

  for (const [name, second] of [
    ['a retransmission', { ...DATA, ttl: 63 }],
    ['a longer retransmission', { ...DATA, ttl: 63, payload: 'the truth and more' }],
    ['a keep-alive', { ...DATA, ttl: 63, sequence: 5009, payload: '?' }],
    ['the next segment', { ...DATA, ttl: 55, sequence: 5010 }],
  ] as const)
    it(`says nothing of ${name}`, () => {
      expect(signalsOf(answered(second), 'conflicting-segments', SEEN)).to.deep.equal([]);
    });
});
