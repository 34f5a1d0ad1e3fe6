import { expect } from 'chai';
import fc from 'fast-check';
import {
  type LengthFrame,
  LengthFramer,
} from '../../../../src/wire/protocol/frame/length-framer.ts';

const FRAME: LengthFrame = { kind: 'length', at: 2, width: 2, plus: 0, least: 8, limit: 100_000 };

const message = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length).fill(7);
  bytes.set([1, 2, length >> 8, length & 0xff]);
  return bytes;
};

describe('LengthFramer', () => {
  it('gives what lies whole in a push as views of it', () => {
    const framer = new LengthFramer(FRAME);
    const pushed = Uint8Array.from([...message(8), ...message(20), 1]);
    framer.push(pushed);
    expect(framer.next()?.buffer).to.equal(pushed.buffer);
    expect(framer.next()).to.deep.equal(message(20));
    expect([framer.next(), framer.waiting]).to.deep.equal([null, 1]);
  });

  it('frames the largest message from pieces of one byte', () => {
    const framer = new LengthFramer(FRAME);
    const whole = message(65_535);
    for (const byte of whole.subarray(0, -1)) {
      framer.push(Uint8Array.of(byte));
      expect(framer.next()).to.equal(null);
    }
    framer.push(Uint8Array.of(7, 1));
    expect(framer.next()).to.deep.equal(whole);
    expect([framer.next(), framer.waiting, framer.fault]).to.deep.equal([null, 1, null]);
  });

  it('gives what was pushed before anyone asked', () => {
    const framer = new LengthFramer(FRAME);
    const whole = Uint8Array.from([...message(9), ...message(300), ...message(8)]);
    for (let at = 0; at < whole.length; at += 7) framer.push(whole.slice(at, at + 7));
    expect(framer.waiting).to.equal(whole.length);
    expect([framer.next(), framer.next(), framer.next(), framer.next()]).to.deep.equal([
      message(9),
      message(300),
      message(8),
      null,
    ]);
  });

  it('gives the same messages however the stream is cut', () => {
    const lengths = fc.array(fc.integer({ min: 8, max: 400 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.array(fc.nat(5000)), (lengths, cuts) => {
        const messages = lengths.map(message);
        const stream = Uint8Array.from(messages.flatMap((each) => [...each]));
        const places = [0, ...cuts.map((cut) => cut % stream.length), stream.length];
        const framer = new LengthFramer(FRAME);
        const given: Uint8Array[] = [];
        places
          .toSorted((one, other) => one - other)
          .forEach((place, index, all) => {
            framer.push(stream.slice(all[index - 1] ?? 0, place));
            for (let next = framer.next(); next !== null; next = framer.next())
              given.push(next.slice());
          });
        expect(given).to.deep.equal(messages);
        expect([framer.waiting, framer.fault]).to.deep.equal([0, null]);
      }),
    );
  });

  it('refuses lengths out of range, and gives all bytes from there on', () => {
    const framer = new LengthFramer({ ...FRAME, limit: 99 });
    framer.push(Uint8Array.from([...message(8), 1, 2, 0, 7, 9]));
    expect(framer.next()).to.deep.equal(message(8));
    expect(framer.next()).to.equal(null);
    expect(framer.fault).to.equal('A message says that it has 7 bytes: fewer than 8');
    framer.push(Uint8Array.of(10));
    expect(framer.next()).to.equal(null);
    expect([...framer.rest()]).to.deep.equal([1, 2, 0, 7, 9, 10]);
    const long = new LengthFramer({ ...FRAME, limit: 99 });
    long.push(message(100).subarray(0, 4));
    expect([long.next(), long.fault]).to.deep.equal([
      null,
      'A message says that it has 100 bytes: more than 99',
    ]);
  });

  it('reads lengths of four bytes without a sign, and adds to them', () => {
    const framer = new LengthFramer({
      kind: 'length',
      at: 0,
      width: 4,
      plus: 4,
      least: 4,
      limit: 9,
    });
    framer.push(Uint8Array.of(0, 0, 0, 1, 5, 0xff, 0xff, 0xff, 0xff));
    expect(framer.next()).to.deep.equal(Uint8Array.of(0, 0, 0, 1, 5));
    expect(framer.next()).to.equal(null);
    expect(framer.fault).to.equal('A message says that it has 4294967299 bytes: more than 9');
  });
});
