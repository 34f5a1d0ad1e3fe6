import { expect } from 'chai';
import { seededRandom } from '../../../../src/base/random.ts';
import { fuzzMessage } from '../../../../src/wire/protocol/fuzz/fuzz-message.ts';
import type { Protocol, Side } from '../../../../src/wire/protocol/contract.ts';
import { flow, flowMod, note } from '../edit/flow.ts';
import { SETTINGS, settingsOf } from '../protocols.ts';

const MESSAGES: readonly {
  readonly name: string;
  readonly protocol: Protocol;
  readonly side: Side;
  readonly bytes: Uint8Array;
}[] = [
  { name: 'flow-mod', protocol: flow, side: 'client', bytes: flowMod },
  { name: 'note', protocol: flow, side: 'client', bytes: note },
  ...SETTINGS.map(({ name, protocol, type, side, values }) => ({
    name,
    protocol,
    side,
    bytes: protocol.write(type, settingsOf(values), side),
  })),
];

const fuzz = (
  { protocol, side, bytes }: (typeof MESSAGES)[number],
  seed: number,
  edits = 4,
): ReturnType<typeof fuzzMessage> =>
  fuzzMessage(protocol, protocol.read(bytes, side), seededRandom(seed), edits);

describe('fuzzMessage()', () => {
  for (const message of MESSAGES) {
    const { name, protocol, side, bytes } = message;

    it(`does what its edits do again: ${name}`, () => {
      for (let seed = 0; seed < 100; seed += 1) {
        const { bytes: mutated, edits } = fuzz(message, seed);
        let again = bytes;
        for (const { edit, changes } of edits) {
          const edited = protocol.read(again, side).edit(edit, seededRandom(99), true);
          expect(edited.changes).to.deep.equal(changes);
          again = edited.bytes;
        }
        expect(again).to.deep.equal(mutated);
      }
    });

    it(`gives rules that are legal: ${name}`, () => {
      for (let seed = 0; seed < 100; seed += 1)
        for (const { edit } of fuzz(message, seed).edits)
          expect(protocol.check(edit, [], true), JSON.stringify(edit)).to.equal(null);
    });

    it(`leaves guarded fields to their fixups: ${name}`, () => {
      const { type } = protocol.read(bytes, side);
      for (let seed = 0; seed < 100; seed += 1) {
        const { bytes: mutated, edits } = fuzz(message, seed);
        for (const { edit } of edits)
          expect(protocol.check(edit, [], false) ?? '').not.to.include('is guarded');
        if (protocol === flow) {
          expect(protocol.typeOf(mutated, side)).to.equal(type);
          expect(protocol.read(mutated, side).find('length')[0]?.value).to.equal(mutated.length);
        }
      }
    });
  }

  it('is the same for the same seed, and another for another', () => {
    const [message] = MESSAGES;
    if (message === undefined) throw new Error('there is a message');
    expect(fuzz(message, 7)).to.deep.equal(fuzz(message, 7));
    const different = new Set(
      Array.from({ length: 50 }, (_, seed) => fuzz(message, seed).bytes.join()),
    );
    expect(different.size).to.be.greaterThan(45);
  });

  it('makes at most so many edits, and none of none', () => {
    for (const message of MESSAGES)
      for (let seed = 0; seed < 20; seed += 1) {
        expect(fuzz(message, seed, 3).edits.length).to.be.at.most(3);
        expect(fuzz(message, seed, 0)).to.deep.equal({ bytes: message.bytes, edits: [] });
      }
  });

  it('finds each kind of field of a message', () => {
    const [message] = MESSAGES;
    if (message === undefined) throw new Error('there is a message');
    const touched = new Set<string>();
    for (let seed = 0; seed < 600; seed += 1)
      for (const { edit } of fuzz(message, seed, 1).edits) touched.add(`${edit.kind} ${edit.path}`);
    expect([...touched]).to.include.members([
      'set table',
      'set command',
      'set label',
      'set reserved',
      'set match.length',
      'set match.ipv4_src',
      'set instructions[0].length',
      'remove instructions[0].actions[0]',
      'repeat instructions[0].actions[1]',
      'shuffle instructions[0].actions',
    ]);
  });

  it('takes 100000 mutated messages, which are mutated and read again, without a throw', function () {
    this.timeout(240_000);
    let count = 0;
    const random = seededRandom(2026);
    while (count < 100_000)
      for (const { protocol, side, bytes } of MESSAGES) {
        let read = protocol.read(bytes, side);
        // Up to five generations: what a lying length has hidden stays hidden.
        for (let generation = 0; generation < 5; generation += 1) {
          const { bytes: mutated, edits } = fuzzMessage(protocol, read, random, 2);
          if (edits.length === 0) break;
          read = protocol.read(mutated, side);
          expect(read.root.end).to.equal(mutated.length);
          count += 1;
        }
      }
    expect(count).to.be.at.least(100_000);
  });
});
