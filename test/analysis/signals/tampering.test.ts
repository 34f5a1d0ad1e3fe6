import { expect } from 'chai';
import { NODES, planNetwork } from '../support/plans.ts';
import { EPOCH, Tape, type TapeOptions, impairment } from '../support/tape.ts';
import { signalsOf } from './signals-of.ts';

const SENT = 'HTTP/1.1 200 OK';

/** The server's payload, and what became of it behind the middle. */
function changed(payload: string | Uint8Array, options: TapeOptions = {}): Tape {
  const tape = new Tape(options);
  tape.handshake();
  const segment = { forward: false, sequence: 5001, acknowledgment: 1001, ipId: 9 } as const;
  tape.pass(60, { ...segment, payload: SENT }, { to: 'middle.outside' });
  tape.pass(80.1, { ...segment, payload }, { from: 'middle.inside' });
  return tape;
}

const SEEN = { end: EPOCH + 200_000 };

describe('signalTampering()', () => {
  for (const [payload, detail] of [
    ['HTTP/1.1 404 OK', 'bytes 9 to 11 of 15: "200" became "404"'],
    ['HTTP/1.1 201 OK', 'byte 11 of 15: "0" became "1"'],
    ['HTTP/1.1 200 OK and so on', 'length 15 became 25, from byte 15 on: "" became " and so on"'],
    [
      Uint8Array.from(SENT, (letter, at) => (at < 2 ? 0xff : letter.charCodeAt(0))),
      'bytes 0 to 1 of 15: "HT" became ffff',
    ],
  ] as const)
    it(`shows that ${detail}`, () => {
      const [signal] = signalsOf(changed(payload), 'tampering', SEEN);
      expect(signal).to.include({ side: 'client', by: 'middle', detail });
      expect(signal!.proof.map(({ capture }) => capture)).to.include.members([
        'client.inside',
        'server.outside',
      ]);
    });

  it('says nothing of a payload that stays the same', () => {
    expect(signalsOf(changed(SENT), 'tampering', SEEN)).to.deep.equal([]);
  });

  it('says nothing of what a corrupting link did, which the checksum gives away', () => {
    const { client, middle, server } = NODES;
    const networks = [
      planNetwork('inside', [client, middle], { middle: impairment({ corruptRatio: 0.1 }) }),
      planNetwork('outside', [middle, server]),
    ];
    const tape = new Tape({ plan: { networks } });
    tape.handshake();
    const segment = { forward: false, sequence: 5001, acknowledgment: 1001, ipId: 9 } as const;
    tape.pass(60, { ...segment, payload: SENT }, { to: 'middle.inside' });
    const spoilt = tape.packet({ ...segment, payload: SENT, ttl: 63 });
    spoilt.set([0], spoilt.length - 1);
    tape.record('client.inside', 85.1, spoilt);
    expect(signalsOf(tape, 'tampering', SEEN)).to.deep.equal([]);
  });
});
