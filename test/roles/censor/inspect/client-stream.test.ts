import { expect } from 'chai';
import fc from 'fast-check';
import { DEFAULT_REASSEMBLY } from '../../../../src/model/censor-defaults.ts';
import { ClientStream } from '../../../../src/roles/censor/inspect/client-stream.ts';
import { Playbook, RESET, V4, clientData, handshake, hostRule, text } from '../playbook.ts';

const START = 0xfffffff0;
const STREAM_LIMIT = DEFAULT_REASSEMBLY.buffer;

function add(stream: ClientStream, offset: number, bytes: Uint8Array): boolean {
  const memory = Uint8Array.from([9, ...bytes, 9]);
  const isNew = stream.add((START + offset) >>> 0, memory, 1, 1 + bytes.length);
  stream.settle();
  return isNew;
}

const window = (stream: ClientStream): readonly number[] =>
  Array.from(stream.memory.subarray(stream.start, stream.end));

describe('roles/censor/client-stream', () => {
  it('add() orders segments across the end of sequence space', () => {
    const whole = Uint8Array.from({ length: 60 }, (_, index) => index);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(59), fc.nat(20)), { maxLength: 40 }), (pieces) => {
        const stream = new ClientStream(START, DEFAULT_REASSEMBLY);
        for (const [from, size] of pieces) add(stream, from, whole.subarray(from, from + size + 1));
        add(stream, 0, whole);
        expect(window(stream)).to.deep.equal(Array.from(whole));
      }),
    );
  });

  it('add() keeps the first of overlapping copies', () => {
    const stream = new ClientStream(START, DEFAULT_REASSEMBLY);
    add(stream, 2, Uint8Array.of(1, 1));
    add(stream, 1, Uint8Array.of(2, 2, 2, 2));
    expect(add(stream, 2, Uint8Array.of(3))).to.equal(false);
    expect(add(stream, 0, Uint8Array.of(4, 4, 4, 4, 4, 4))).to.equal(true);
    // Held copies were first in their places; the last segment comes before them and fills the rest.
    expect(window(stream).length).to.equal(6);
  });

  it('consume() passes over bytes that have not come yet', () => {
    const stream = new ClientStream(START, DEFAULT_REASSEMBLY);
    add(stream, 0, Uint8Array.of(1, 2));
    stream.consume(4);
    add(stream, 2, Uint8Array.of(3, 4, 5));
    expect(window(stream)).to.deep.equal([5]);
  });

  it('add() says when the limit is hit', () => {
    const stream = new ClientStream(START, DEFAULT_REASSEMBLY);
    for (let offset = 0; offset <= STREAM_LIMIT; offset += 1024)
      add(stream, offset, new Uint8Array(1024));
    expect(stream.overflowed).to.equal(true);
    expect(stream.end - stream.start).to.be.at.most(STREAM_LIMIT);
  });

  it('add() leaves out what comes too far ahead, and is behind once the server has it', () => {
    const stream = new ClientStream(START, DEFAULT_REASSEMBLY);
    expect(add(stream, STREAM_LIMIT - 1, Uint8Array.of(1))).to.equal(false);
    expect(stream.isBehind(START + 1)).to.equal(false);
    expect(add(stream, STREAM_LIMIT, Uint8Array.of(1))).to.equal(false);
    expect(stream.overflowed).to.equal(false);
    expect(add(stream, 0, Uint8Array.of(2))).to.equal(true);
    expect(window(stream)).to.deep.equal([2]);
    expect(stream.isBehind(stream.next)).to.equal(false);
    expect(stream.isBehind((stream.next + 1) >>> 0)).to.equal(true);
  });

  it('add() keeps so many segments ahead of a gap', () => {
    const stream = new ClientStream(START, DEFAULT_REASSEMBLY);
    for (let index = 1; index <= 256; index += 1) add(stream, 2 * index, Uint8Array.of(1));
    expect(stream.isBehind((START + 1) >>> 0)).to.equal(false);
    expect(add(stream, 1000, Uint8Array.of(1))).to.equal(false);
    expect(stream.isBehind((START + 1) >>> 0)).to.equal(true);
  });

  it('add() is not fooled by a segment that no server takes', () => {
    const blocked = text('GET / HTTP/1.1\r\nHost: blocked.example\r\n\r\n');
    for (const far of [70_000, 2 ** 30]) {
      const book = new Playbook([hostRule(RESET)]);
      for (const packet of handshake(V4, 1460)) book.judge(packet);
      book.judge(clientData(V4, blocked.subarray(0, 10)));
      expect(book.judge(clientData(V4, text('x'), far))).to.equal('pass');
      expect(book.judge(clientData(V4, blocked.subarray(10), 10))).to.equal('drop');
      expect(book.censor.statistics.overflowedStreams).to.equal(0);
    }
  });

  it('isBehind() lets a censor count a stream once and give it up when the server has what was not kept, within a body too', () => {
    const first = text('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n');
    const book = new Playbook([hostRule(RESET)]);
    for (const packet of handshake(V4, 1460)) book.judge(packet);
    book.judge(clientData(V4, first));
    const piece = new Uint8Array(10_000);
    for (let offset = 1; offset < 80_000; offset += piece.length)
      book.judge(clientData(V4, piece, first.length + offset));
    book.judge(clientData(V4, text('x'), first.length));
    expect(book.censor.statistics.overflowedStreams).to.equal(0);
    for (const offset of [80_001, 80_002])
      book.judge(clientData(V4, text('x'), first.length + offset));
    expect(book.censor.statistics.overflowedStreams).to.equal(1);
  });

  it('add() keeps the last of overlapping copies, of those that wait in order too', () => {
    const whole = Array.from({ length: 60 }, (_, index) => index);
    const piece = fc.tuple(
      fc.integer({ min: 1, max: 59 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(255),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(40), (pieces, when) => {
        const stream = new ClientStream(START, { ...DEFAULT_REASSEMBLY, overlap: 'last' });
        const wish = [...whole];
        const steps = [...pieces.slice(0, when), null, ...pieces.slice(when)];
        for (const step of steps) {
          const [from, length, value] = step ?? [0, 60, null];
          const bytes = whole.slice(from, from + length).map((byte) => value ?? byte);
          add(stream, from, Uint8Array.from(bytes));
          wish.splice(from, bytes.length, ...bytes);
        }
        expect(window(stream)).to.deep.equal(wish);
      }),
    );
  });

  it('add() says that a later copy changed what waits', () => {
    const stream = new ClientStream(START, { ...DEFAULT_REASSEMBLY, overlap: 'last' });
    add(stream, 0, Uint8Array.of(1, 2, 3));
    stream.consume(1);
    expect(add(stream, 0, Uint8Array.of(9))).to.equal(false);
    expect(add(stream, 0, Uint8Array.of(9, 8))).to.equal(true);
    expect(window(stream)).to.deep.equal([8, 3]);
  });

  it('add() shows each segment by itself to a censor that does not put them together', () => {
    const stream = new ClientStream(START, { ...DEFAULT_REASSEMBLY, tcp: false });
    for (const offset of [500, 0, 0, 100_000]) {
      const memory = Uint8Array.of(9, 1, 2, 9);
      expect(stream.add((START + offset) >>> 0, memory, 1, 3)).to.equal(true);
      expect(window(stream)).to.deep.equal([1, 2]);
      stream.consume(10);
      expect(window(stream)).to.deep.equal([]);
      stream.settle();
    }
    expect(stream.overflowed).to.equal(false);
  });

  it('add() keeps to the buffer that the censor has', () => {
    const stream = new ClientStream(START, { ...DEFAULT_REASSEMBLY, buffer: 100 });
    add(stream, 0, new Uint8Array(60));
    add(stream, 60, new Uint8Array(40));
    expect(stream.overflowed).to.equal(false);
    add(stream, 100, new Uint8Array(1));
    expect(stream.overflowed).to.equal(true);
  });
});
