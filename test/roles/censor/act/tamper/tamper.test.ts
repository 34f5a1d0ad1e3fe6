import { expect } from 'chai';
import fc from 'fast-check';
import type { TamperAction, TamperEdit } from '../../../../../src/model/censor-action.ts';
import {
  Playbook,
  V4,
  V6,
  clientData,
  fromServer,
  handshake,
  rule,
  serverData,
  text,
} from '../../playbook.ts';
import { replaceBytes } from '../../../../../src/roles/censor/act/tamper/replace-bytes.ts';
import { TCP_FLAG } from '../../../../../src/wire/tcp.ts';
import { emitTcpOptions, readTcpOptions } from '../../../../../src/wire/tcp-options.ts';
import { Receiver } from './receiver.ts';

const { ACK } = TCP_FLAG;
const hex = (value: string): string => Buffer.from(value).toString('hex');
const replace = (find: string, replacement: string): TamperEdit => ({
  edit: 'replace',
  find: hex(find),
  with: hex(replacement),
});
const tamper = (...edits: TamperEdit[]): TamperAction => ({
  kind: 'tamper',
  edits,
  direction: 'forward',
  scope: 'flow',
});

function open(edits: readonly TamperEdit[], ends = V4): Playbook {
  const book = new Playbook([rule([], tamper(...edits))]);
  for (const packet of handshake(ends)) book.judge(packet);
  book.lines();
  return book;
}

/** What goes on of a packet: itself, or what was emitted in its place. */
function passes(book: Playbook, packet: Uint8Array): readonly Uint8Array[] {
  const disposition = book.judge(packet);
  const emitted = book.emitted.map(({ bytes }) => bytes);
  book.emitted = [];
  return disposition === 'pass' ? [packet] : emitted;
}

describe('roles/censor/tamper', () => {
  for (const ends of [V4, V6])
    it(`change() moves what follows a longer or shorter text, over ${ends.client}`, () => {
      const book = open([replace('secret', 'no'), replace('yes', 'certainly')], ends);
      const receiver = new Receiver(1001);
      const parts = ['a secret,', ' yes yes,', ' end'];
      let offset = 0;
      for (const part of parts) {
        for (const packet of passes(book, clientData(ends, text(part), offset)))
          receiver.take(packet);
        offset += part.length;
      }
      expect(receiver.text).to.equal('a no, certainly certainly, end');
      expect(receiver.checksums).to.deep.equal(['valid']);
      const answer = serverData(ends, text('ok'), 0, receiver.next);
      const [forClient] = passes(book, answer);
      const back = new Receiver(5001);
      back.take(forClient ?? text(''));
      expect(back.acknowledged).to.equal(1001 + offset);
    });

  it('change() gives the receiver one sound stream whatever is lost, sent again, cut otherwise and reordered', () => {
    const words = fc.array(fc.constantFrom('secret', 'yes', 'x', 'lorem'), {
      minLength: 1,
      maxLength: 30,
    });
    const turns = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 40 }), fc.nat(9)), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, turns, (stream, order) => {
        const book = open([replace('secret', 'no'), replace('yes', 'certainly')]);
        const bytes = text(stream.join(''));
        const receiver = new Receiver(1001);
        let acknowledged = 0;
        let sent = 0;
        const deliver = (from: number, length: number, isLost: boolean): void => {
          const piece = bytes.subarray(from, from + length);
          if (piece.length === 0) return;
          sent = Math.max(sent, from + piece.length);
          for (const packet of passes(book, clientData(V4, piece, from)))
            if (!isLost) receiver.take(packet);
          const ack = fromServer(V4, { sequence: 5001, acknowledgment: receiver.next, flags: ACK });
          const back = new Receiver(5001);
          for (const packet of passes(book, ack)) back.take(packet);
          const now = back.acknowledged - 1001;
          expect(now).to.be.within(acknowledged, sent);
          acknowledged = now;
        };
        for (const [where, length, luck] of order) {
          const room = Math.min(bytes.length, sent + 40) - acknowledged;
          if (room > 0) deliver(acknowledged + (where % room), length, luck === 0);
        }
        for (let round = 0; acknowledged < bytes.length && round < 500; round += 1)
          deliver(acknowledged, 17, false);
        expect(acknowledged).to.equal(bytes.length);
        // An occurrence over two first sendings is none: what is whole in what was sent at once is replaced.
        expect(receiver.text.replaceAll('certainly', 'yes').replaceAll('no', 'secret')).to.equal(
          stream.join(''),
        );
        expect(receiver.isConsistent).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it('change() moves SACK blocks back to where the sender put the bytes', () => {
    const book = open([replace('secret', 'no')]);
    passes(book, clientData(V4, text('a secret.'), 0));
    passes(book, clientData(V4, text('more'), 9));
    passes(book, clientData(V4, text('last'), 13));
    const options = emitTcpOptions([
      { kind: 'no-operation' },
      { kind: 'no-operation' },
      { kind: 'sack', blocks: [{ left: 1010, right: 1014 }] },
    ]);
    const ack = { sequence: 5001, acknowledgment: 1006, flags: ACK, options };
    const receiver = new Receiver(5001);
    for (const packet of passes(book, fromServer(V4, ack))) receiver.take(packet);
    expect(receiver.acknowledged).to.equal(1010);
    expect(readTcpOptions(receiver.options).sack).to.deep.equal([{ left: 1014, right: 1018 }]);
  });

  it('change() cuts a segment that has grown too long for the path', () => {
    const book = open([replace('x', 'yy')]);
    const packets = passes(book, clientData(V4, new Uint8Array(1400).fill(0x78)));
    expect(packets.map(({ length }) => length)).to.deep.equal([1440, 1440]);
    const receiver = new Receiver(1001);
    for (const packet of packets) receiver.take(packet);
    expect(receiver.text).to.equal('y'.repeat(2800));
  });

  it('replaceBytes() leaves bytes alone that hold no occurrence', () => {
    const bytes = text('abc');
    expect(replaceBytes(bytes, text('bd'), text('x'))).to.equal(bytes);
    expect(replaceBytes(text('aaa'), text('aa'), text('b'))).to.deep.equal(text('ba'));
  });
});
