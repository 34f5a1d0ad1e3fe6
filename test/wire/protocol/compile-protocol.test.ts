import { expect } from 'chai';
import fc from 'fast-check';
import { SETTINGS, leavesOf, settingsOf, writtenValue } from './protocols.ts';

describe('compileProtocol()', () => {
  for (const { name, protocol, type, side, values } of SETTINGS) {
    const bytes = protocol.write(type, settingsOf(values), side);

    it(`reads what it writes: ${name}`, () => {
      const message = protocol.read(bytes, side);
      expect(message.fault).to.equal(null);
      expect(message.type).to.equal(type);
      for (const [path, value] of Object.entries(values)) {
        const [field] = message.find(path);
        expect(field, path).not.to.equal(undefined);
        const known = [field?.word, field && writtenValue(field)];
        expect(known, path).to.include(value);
      }
    });

    it(`writes what it reads: ${name}`, () => {
      const leaves = leavesOf(protocol.read(bytes, side));
      const again = leaves.map((field) => ({ path: field.path, value: writtenValue(field) }));
      expect(protocol.write(type, again, side)).to.deep.equal(bytes);
    });

    it(`finds each field by its path: ${name}`, () => {
      const message = protocol.read(bytes, side);
      for (const field of leavesOf(message))
        expect(message.find(field.path), field.path).to.deep.equal([field]);
    });

    it(`takes any damage: ${name}`, () => {
      const damage = fc.array(
        fc.record({
          at: fc.nat(bytes.length),
          remove: fc.nat(4),
          insert: fc.uint8Array({ maxLength: 4 }),
        }),
        { minLength: 1, maxLength: 6 },
      );
      fc.assert(
        fc.property(damage, (edits) => {
          const damaged = [...bytes];
          for (const { at, remove, insert } of edits) damaged.splice(at, remove, ...insert);
          const message = protocol.read(Uint8Array.from(damaged), side);
          let start = 0;
          for (const field of leavesOf(message)) {
            expect(field.start).to.be.at.least(start);
            expect(field.end).to.be.at.least(field.start).and.at.most(damaged.length);
            expect(field.value).not.to.equal(undefined);
            expect(field.path).not.to.equal('');
            start = field.start;
          }
          expect(protocol.typeOf(message.bytes, side)).to.equal(message.type);
        }),
      );
    });

    // A chunk is what one read gives, so that its messages are the pieces.
    if (protocol.spec.frame.kind === 'chunk') continue;

    it(`frames what it writes, in whatever pieces it comes: ${name}`, () => {
      const stream = [...bytes, ...bytes, ...bytes];
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
          const framer = protocol.framer(side);
          const messages: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            const piece = Uint8Array.from(stream.slice(at, at + size));
            framer.push(piece);
            for (let next = framer.next(); next !== null; next = framer.next())
              messages.push(next.slice());
            piece.fill(0xff);
            at += size;
          }
          expect(framer.fault).to.equal(null);
          expect(framer.waiting).to.equal(0);
          expect(messages).to.deep.equal([bytes, bytes, bytes]);
        }),
      );
    });
  }
});
