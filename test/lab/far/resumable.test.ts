import { expect } from 'chai';
import fc from 'fast-check';
import type { Frame } from '../../../src/lab/far/frames.ts';
import { LINK, type Resumable, createResumable } from '../../../src/lab/far/resumable.ts';

const LIMIT = 64;

/** What one end wrote and what came of it at the other. */
interface End {
  readonly stream: Resumable;
  readonly written: number[];
  readonly arrived: number[];
  /** Frames on their way to it. */
  readonly coming: Frame[];
  untaken: number;
}

const createEnd = (): End => ({
  stream: createResumable(LIMIT),
  written: [],
  arrived: [],
  coming: [],
  untaken: 0,
});

type Deed =
  | { readonly kind: 'write'; readonly end: 0 | 1; readonly count: number }
  | { readonly kind: 'carry' | 'take' | 'beat'; readonly end: 0 | 1 }
  | { readonly kind: 'cut' };

const side = fc.constantFrom<0 | 1>(0, 1);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), end: side, count: fc.nat(40) }),
  fc.record({
    kind: fc.constantFrom('carry' as const, 'take' as const, 'beat' as const),
    end: side,
  }),
  fc.record({ kind: fc.constant('cut' as const) }),
);

describe('createResumable()', () => {
  it('loses and doubles no byte and keeps their order, however often it is cut', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 200 }), (deeds) => {
        const ends: [End, End] = [createEnd(), createEnd()];
        reconnect(ends);
        for (const one of deeds) perform(ends, one);
        reconnect(ends);
        for (let round = 0; round < 500; round++)
          for (const end of [0, 1] as const) {
            perform(ends, { kind: 'carry', end });
            perform(ends, { kind: 'take', end });
            perform(ends, { kind: 'beat', end });
          }
        expect(ends[1].arrived).to.deep.equal(ends[0].written);
        expect(ends[0].arrived).to.deep.equal(ends[1].written);
        for (const { stream } of ends) expect(stream.isFlushed()).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it('has no room until the other side has taken what it was sent', () => {
    const stream = createResumable(LIMIT);
    stream.attach();
    stream.receive(count(LINK.hello, 0));
    stream.write(Buffer.alloc(LIMIT));
    expect(stream.room()).to.equal(0);
    stream.receive(count(LINK.ack, 10));
    expect(stream.room()).to.equal(10);
  });

  it('refuses a side that took what was never sent, or that starts anew', () => {
    const stream = createResumable(LIMIT);
    stream.attach();
    expect(() => stream.receive(count(LINK.hello, 1))).to.throw('has 1 bytes of 0 to 0');
    stream.receive(count(LINK.hello, 0));
    expect(() => stream.receive(count(LINK.ack, 1))).to.throw('took 1 bytes of 0');
    stream.write(Buffer.alloc(5));
    stream.receive(count(LINK.ack, 5));
    stream.attach();
    expect(() => stream.receive(count(LINK.hello, 4))).to.throw('has 4 bytes of 5 to 5');
  });
});

function perform(ends: [End, End], one: Deed): void {
  if (one.kind === 'cut') {
    reconnect(ends);
    return;
  }
  const own = ends[one.end];
  const other = ends[one.end === 0 ? 1 : 0];
  switch (one.kind) {
    case 'write': {
      if (own.stream.room() <= 0) return;
      const bytes = Buffer.from(
        Array.from({ length: one.count }, (_, index) => (own.written.length + index) % 256),
      );
      own.written.push(...bytes);
      other.coming.push(...own.stream.write(bytes));
      return;
    }
    case 'carry': {
      const frame = own.coming.shift();
      if (!frame) return;
      const { send, delivered } = own.stream.receive(frame);
      other.coming.push(...send);
      if (!delivered) return;
      own.arrived.push(...delivered);
      own.untaken += delivered.length;
      return;
    }
    case 'take':
      other.coming.push(...own.stream.take(own.untaken));
      own.untaken = 0;
      return;
    case 'beat':
      other.coming.push(...own.stream.beat());
  }
}

/** What was on its way is lost. */
function reconnect([left, right]: [End, End]): void {
  for (const { stream, coming } of [left, right]) {
    stream.detach();
    coming.length = 0;
  }
  right.coming.push(...left.stream.attach());
  left.coming.push(...right.stream.attach());
}

function count(kind: number, value: number): Frame {
  const payload = Buffer.alloc(8);
  payload.writeBigUInt64BE(BigInt(value));
  return { kind, payload };
}
