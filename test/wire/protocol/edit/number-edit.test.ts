import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../../src/base/random.ts';
import type { FieldEdit } from '../../../../src/model/relay.ts';
import { edit, flowMod, onesIn, said } from './flow.ts';

/** What a field says after an edit. */
const after = (change: FieldEdit, seed = 1, bytes = flowMod): string | undefined =>
  said(edit(bytes, change, { random: seededRandom(seed) }).bytes, change.path);

describe('numberEdit()', () => {
  const RESULTS: readonly (readonly [FieldEdit, string])[] = [
    [{ kind: 'set', path: 'xid', value: '0xffffffff' }, '4294967295'],
    [{ kind: 'set', path: 'cookie', value: '18446744073709551615' }, '18446744073709551615'],
    [{ kind: 'set', path: 'command', value: 'DELETE' }, 'DELETE'],
    [{ kind: 'set', path: 'command', value: 1 }, 'MODIFY'],
    [{ kind: 'add', path: 'xid', value: 3 }, '10'],
    [{ kind: 'add', path: 'xid', value: -8 }, '4294967295'],
    [{ kind: 'add', path: 'xid', value: '-0x8' }, '4294967295'],
    [{ kind: 'add', path: 'table', value: 126 }, '1'],
    [{ kind: 'add', path: 'cookie', value: '0xffffffffffffffff' }, '1234605616436508551'],
    [{ kind: 'xor', path: 'table', value: 0x7f }, '124'],
    [{ kind: 'xor', path: 'mini', value: 'SEND' }, 'RESET'],
    [{ kind: 'or', path: 'mini', value: 'CHECK' }, 'SEND+CHECK+RESET'],
    [{ kind: 'and', path: 'mini', value: 'SEND+CHECK' }, 'SEND'],
    [{ kind: 'toggle', path: 'mini', value: 'SEND+CHECK' }, 'CHECK+RESET'],
    [{ kind: 'boundary', path: 'table', value: 'zero' }, '0'],
    [{ kind: 'boundary', path: 'table', value: 'max' }, '127'],
    [{ kind: 'boundary', path: 'table', value: 'max-1' }, '126'],
    [{ kind: 'boundary', path: 'cookie', value: 'max' }, '18446744073709551615'],
    [{ kind: 'random', path: 'xid', low: 5, high: 5, prefix: null }, '5'],
    [{ kind: 'random', path: 'out_port', low: 'ANY', high: null, prefix: null }, 'ANY'],
    [{ kind: 'bitflip', path: 'urgent', bits: 1 }, 'YES'],
    [{ kind: 'bitflip', path: 'table', bits: 7 }, '124'],
  ];
  for (const [change, value] of RESULTS)
    it(`${change.kind} of ${change.path}: ${JSON.stringify(change)} gives ${value}`, () => {
      expect(after(change)).to.equal(value);
    });

  it('leaves the bits around a field of less than a byte', () => {
    const { bytes } = edit(flowMod, { kind: 'set', path: 'urgent', value: 'YES' });
    expect(said(bytes, 'table')).to.equal('3');
    expect(bytes.length).to.equal(flowMod.length);
  });

  it('draws within both ends, and each of them', () => {
    const draw = (low: number, high: number): Set<string | undefined> =>
      new Set(
        Array.from({ length: 60 }, (_, seed) =>
          after({ kind: 'random', path: 'table', low, high, prefix: null }, seed),
        ),
      );
    expect(draw(3, 6)).to.have.all.keys('3', '4', '5', '6');
  });

  it('flips as many bits as it is told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 64 }), fc.nat(), (bits, seed) => {
        const change = { kind: 'bitflip', path: 'cookie', bits } as const;
        const flipped = BigInt(after(change, seed) ?? 0) ^ 0x1122334455667788n;
        expect(onesIn(flipped)).to.equal(bits);
      }),
    );
  });

  it('swaps for another word, or for a number that has none', () => {
    for (let seed = 0; seed < 30; seed += 1) {
      expect(after({ kind: 'swap', path: 'command', to: 'legal' }, seed)).to.be.oneOf([
        'MODIFY',
        'DELETE',
      ]);
      const illegal = Number(after({ kind: 'swap', path: 'command', to: 'illegal' }, seed));
      expect(illegal).to.be.within(3, 255);
      const port = after({ kind: 'swap', path: 'out_port', to: 'legal' }, seed);
      expect(port).to.equal('CONTROLLER');
    }
  });

  it('takes one of the boundaries by the seed', () => {
    const values = Array.from({ length: 40 }, (_, seed) =>
      after({ kind: 'boundary', path: 'table', value: null }, seed),
    );
    expect(new Set(values)).to.have.all.keys('0', '126', '127');
  });
});
