import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../../src/base/random.ts';
import type { FieldEdit } from '../../../../src/model/relay.ts';
import { toHex } from '../../../../src/wire/bytes.ts';
import { differing, edit, flowMod, note, onesIn, said } from './flow.ts';

const after = (change: FieldEdit, seed = 1): string | undefined =>
  said(edit(note, change, { random: seededRandom(seed) }).bytes, change.path);

describe('bytesEdit()', () => {
  const RESULTS: readonly (readonly [FieldEdit, string])[] = [
    [{ kind: 'set', path: 'items[0].data', value: 'AA bb' }, 'aabb'],
    [{ kind: 'set', path: 'text', value: 'a\u00ff' }, 'a\u00ff'],
    [{ kind: 'insert', path: 'text', at: 2, hex: '2d2d' }, 'he--llo'],
    [{ kind: 'insert', path: 'text', at: 5, hex: '21' }, 'hello!'],
    [{ kind: 'delete', path: 'text', at: 1, bytes: 3 }, 'ho'],
    [{ kind: 'delete', path: 'text', at: 9, bytes: 3 }, 'hello'],
    [{ kind: 'truncate', path: 'text', bytes: 2 }, 'he'],
    [{ kind: 'truncate', path: 'text', bytes: 9 }, 'hello'],
    [{ kind: 'truncate', path: 'items[1]', bytes: 1 }, '00'],
    [{ kind: 'set', path: 'items[1]', value: '00' }, '00'],
    [{ kind: 'havoc', path: 'text', edits: 0 }, 'hello'],
  ];
  for (const [change, value] of RESULTS)
    it(`${JSON.stringify(change)} gives ${value}`, () => {
      expect(after(change)).to.equal(value);
    });

  it('flips as many bits as it is told, or all there are', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(), (bits, seed) => {
        const change: FieldEdit = { kind: 'bitflip', path: 'text', bits };
        const { bytes } = edit(note, change, { random: seededRandom(seed) });
        expect(bytes.length).to.equal(note.length);
        let flipped = 0;
        for (const [at, byte] of note.entries()) flipped += onesIn(byte ^ (bytes[at] ?? 0));
        expect(flipped).to.equal(Math.min(bits, 40));
        for (const at of differing(note, bytes)) expect(at).to.be.at.least(note.length - 5);
      }),
    );
  });

  it('fills padding and rooms of fixed size with zero bytes', () => {
    const reserved = edit(flowMod, { kind: 'set', path: 'reserved', value: 'ff' }).bytes;
    expect(said(reserved, 'reserved')).to.equal('ff00');
    const label = edit(flowMod, { kind: 'set', path: 'label', value: 'x' }).bytes;
    expect(said(label, 'label')).to.equal('x');
    expect(toHex(label.subarray(24, 30))).to.equal('780000000000');
    expect(differing(flowMod, label).length).to.equal(3);
  });

  it('makes bytes random and keeps their number', () => {
    const change = { kind: 'random', path: 'text', low: null, high: null, prefix: null } as const;
    const values = Array.from({ length: 20 }, (_, seed) => after(change, seed));
    expect(new Set(values).size).to.equal(20);
    for (const value of values) expect(value?.length).to.equal(5);
  });
});
