import { expect } from 'chai';
import fc from 'fast-check';
import {
  Defragmenter,
  type WholeDatagram,
} from '../../../../src/roles/censor/state/defragmenter.ts';
import { buildIp, buildUdp } from '../../../../src/wire/build.ts';
import { fragmentPacket } from '../../../../src/wire/fragment.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { type Ends, V4, V6, ip } from '../playbook.ts';

type Added = WholeDatagram | 'waiting' | 'broken';

function add(defragmenter: Defragmenter, packet: Uint8Array, now = 0): Added {
  const view = new PacketView();
  expect(view.load(packet, 0, packet.length)).to.equal(true);
  return defragmenter.add(view, now);
}

const make = (fragments = 64, overlap: 'first' | 'last' = 'first'): Defragmenter =>
  new Defragmenter({ fragments, overlap });

const endsOf = ({ client, server }: Ends) => ({ source: ip(client), destination: ip(server) });

const whole = (ends: Ends, payload: Uint8Array): Uint8Array =>
  buildUdp({
    ...endsOf(ends),
    sourcePort: 1,
    destinationPort: 2,
    payload,
    id: 7,
    dontFragment: false,
  });

/** A piece of a datagram of protocol 17: so many bytes of `fill` at `offset`. */
const piece = (
  ends: Ends,
  offset: number,
  length: number,
  fill: number,
  moreFragments = true,
  id = 5,
): Uint8Array =>
  buildIp(
    { ...endsOf(ends), id, dontFragment: false, moreFragments, fragmentOffset: offset },
    17,
    new Uint8Array(length).fill(fill),
  );

describe('roles/censor/defragmenter', () => {
  for (const ends of [V4, V6]) {
    it(`add() puts a datagram of ${ends.client} together, in whatever order its fragments come`, () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 100, maxLength: 600 }),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
          fc.nat(),
          (payload, sizes, seed) => {
            const packet = whole(ends, payload);
            const cut = fragmentPacket(
              packet,
              sizes.map((size) => size * 8),
              7,
            );
            const order = cut
              .map((fragment, index) => ({ fragment, rank: (seed * (index + 7)) % 101 }))
              .toSorted((left, right) => left.rank - right.rank)
              .map(({ fragment }) => fragment);
            const defragmenter = make();
            const results = order.map((fragment) => add(defragmenter, fragment));
            const last = results.pop();
            expect(results.every((result) => result === 'waiting')).to.equal(true);
            if (typeof last !== 'object') throw new Error(`the datagram is ${last}`);
            expect(last.packet).to.deep.equal(packet);
            expect(last.fragments).to.deep.equal(order);
            expect(defragmenter.broken).to.equal(0);
          },
        ),
      );
    });

    it(`add() takes a fragment of ${ends.client} that came twice once`, () => {
      const [first, second] = fragmentPacket(whole(ends, new Uint8Array(100)), [48], 7);
      if (first === undefined || second === undefined) throw new Error('there are two');
      const defragmenter = make(2);
      expect(add(defragmenter, first)).to.equal('waiting');
      expect(add(defragmenter, first)).to.equal('waiting');
      expect(add(defragmenter, second)).to.be.an('object');
    });

    it(`add() gives up what has more fragments than the limit: ${ends.client}`, () => {
      const defragmenter = make(45);
      const pieces = (id: number, count: number): readonly Added[] =>
        Array.from({ length: count }, (_, index) =>
          add(defragmenter, piece(ends, index * 8, 8, 0, index + 1 < count, id)),
        );
      expect(pieces(1, 45).at(-1)).to.be.an('object');
      const results = pieces(2, 47);
      expect(results.slice(0, 45).every((result) => result === 'waiting')).to.equal(true);
      expect(results.slice(45)).to.deep.equal(['broken', 'broken']);
      expect(defragmenter.broken).to.equal(1);
    });
  }

  for (const [overlap, wish] of [
    ['first', [1, 1, 1, 2, 2, 3]],
    ['last', [1, 1, 2, 2, 2, 3]],
  ] as const)
    it(`add() lets the ${overlap} of overlapping IPv4 fragments count`, () => {
      const defragmenter = make(64, overlap);
      add(defragmenter, piece(V4, 0, 24, 1));
      add(defragmenter, piece(V4, 16, 24, 2));
      const result = add(defragmenter, piece(V4, 40, 8, 3, false));
      if (typeof result !== 'object') throw new Error(`the datagram is ${result}`);
      const data = result.packet.subarray(20);
      expect([0, 8, 16, 24, 32, 40].map((at) => data[at])).to.deep.equal(wish);
    });

  it('add() gives up IPv6 datagrams whose fragments overlap, and what still comes of them', () => {
    const defragmenter = make();
    expect(add(defragmenter, piece(V6, 0, 24, 1))).to.equal('waiting');
    expect(add(defragmenter, piece(V6, 16, 24, 2))).to.equal('broken');
    expect(add(defragmenter, piece(V6, 24, 8, 2, false))).to.equal('broken');
    expect(defragmenter.broken).to.equal(1);
  });

  it('add() gives up what can be no datagram', () => {
    const bad: readonly (readonly Uint8Array[])[] = [
      [piece(V4, 0, 9, 1)],
      [piece(V4, 8, 8, 1, false), piece(V4, 16, 8, 1, false)],
      [piece(V4, 8, 8, 1, false), piece(V4, 16, 8, 1)],
      [piece(V4, 16, 8, 1), piece(V4, 8, 8, 1, false)],
      [
        piece(V4, 65_528, 48, 1, false),
        ...[0, 1, 2, 3].map((part) => piece(V4, part * 16_384, 16_384, 1)),
      ],
    ];
    for (const fragments of bad) {
      const defragmenter = make();
      const results = fragments.map((fragment) => add(defragmenter, fragment));
      expect(results.at(-1)).to.equal('broken');
      expect(defragmenter.broken).to.equal(1);
    }
  });

  it('add() waits 30 s', () => {
    for (const [last, wish] of [
      [30e6, 'object'],
      [30e6 + 1, 'string'],
    ] as const) {
      const defragmenter = make();
      add(defragmenter, piece(V4, 0, 8, 1));
      expect(add(defragmenter, piece(V4, 8, 8, 1, false), last)).to.be.an(wish);
      expect(defragmenter.broken).to.equal(wish === 'object' ? 0 : 1);
    }
  });

  it('add() keeps bounded what waits, in number and in bytes', () => {
    const defragmenter = make();
    for (let id = 0; id < 5000; id += 1) add(defragmenter, piece(V4, 0, 8, 1, true, id));
    expect(defragmenter.broken).to.equal(5000 - 1024);
    const large = make();
    for (let id = 0; id < 500; id += 1) add(large, piece(V4, 0, 16_384, 1, true, id));
    expect(large.broken).to.be.within(244, 250);
    // The youngest still waits.
    expect(add(large, piece(V4, 16_384, 8, 1, false, 499))).to.be.an('object');
  });
});
