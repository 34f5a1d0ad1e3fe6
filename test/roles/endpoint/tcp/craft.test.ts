import { expect } from 'chai';
import { packetsOf } from '../../../../src/roles/endpoint/tcp/packets.ts';
import type { CraftSpec } from '../../../../src/roles/endpoint/tcp/segment.ts';
import { decodePacket } from '../../../../src/wire/decode.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { emitTcpOptions } from '../../../../src/wire/tcp-options.ts';
import { MILLI, OWN, PEER, Playbook, V4, text } from './playbook.ts';

const { ACK, FIN, PSH, RST, SYN, URG } = TCP_FLAG;
const SECOND = 1000 * MILLI;
const next = (offset: number): CraftSpec['sequence'] => ({ kind: 'next', offset });

describe('roles/endpoint/tcp/craft', () => {
  it('craft() opens with a SYN of its own numbers and options, and the stack goes on', () => {
    const book = new Playbook({}, { ack: 'now' });
    const options = emitTcpOptions([{ kind: 'maximum-segment-size', size: 100 }]);
    const sequence = { kind: 'absolute', value: OWN + 500 } as const;
    book.tcp.craft({ flags: SYN, sequence, options, window: 77, ttl: 64 }, book.now);
    expect(book.tcp.state).to.equal('syn-sent');
    expect(book.segments[0]).to.deep.include({ sequence: OWN + 500, window: 77, options });
    book.pass(SECOND);
    expect(book.segments[1]).to.deep.include({ sequence: OWN + 500, flags: SYN, options });
    book.receive({ sequence: PEER, acknowledgment: OWN + 501, flags: SYN | ACK });
    expect(book.tcp.state).to.equal('established');
    expect(book.sent().at(-1)).to.equal('ACK 501 ack 1');
  });

  it('craft() answers a SYN when the script owns the handshake', () => {
    const book = new Playbook({}, { handshake: 'script' });
    book.tcp.listen();
    book.receive({ sequence: PEER, flags: SYN });
    book.receive({ sequence: PEER, flags: SYN });
    expect(book.sent()).to.deep.equal([]);
    book.tcp.craft({}, book.now);
    expect(book.sent()).to.deep.equal(['SYN+ACK 0 ack 1']);
    book.receive({});
    expect(book.tcp.state).to.equal('established');
  });

  it('craft() plays the issue’s script: SYN, and data that alone acknowledges the SYN+ACK', () => {
    const book = new Playbook({}, { handshake: 'script', ack: 'piggyback' });
    book.tcp.craft({ flags: SYN }, book.now);
    book.receive({ sequence: PEER, flags: SYN | ACK });
    expect(book.tcp.state).to.equal('established');
    book.tcp.craft({ flags: PSH | ACK, payload: text('hello'), ttl: 3, arrives: true }, book.now);
    expect(book.sent()).to.deep.equal(['SYN 0', 'PSH+ACK 1 ack 1 "hello"']);
    expect(book.tcp.numbers.next).to.equal(OWN + 6);
  });

  it('craft() sends out of order: the next number waits for the gap, then jumps over all', () => {
    const book = Playbook.opened();
    book.tcp.craft({ sequence: next(5), payload: text('world') }, book.now);
    expect(book.tcp.numbers.next).to.equal(OWN + 1);
    book.tcp.craft({ payload: text('hello') }, book.now);
    expect(book.tcp.numbers.next).to.equal(OWN + 11);
    expect(book.sent()).to.deep.equal(['PSH+ACK 6 ack 1 "world"', 'PSH+ACK 1 ack 1 "hello"']);
    book.receive({ acknowledgment: OWN + 11 });
    expect(book.tcp.numbers.unacknowledged).to.equal(OWN + 11);
    expect(book.tcp.nextDue).to.equal(Infinity);
  });

  it('craft() sends an overlap: the next number moves past its end, never back', () => {
    const book = Playbook.opened();
    book.tcp.send(text('hello'), book.now);
    const moves = [
      [-5, 'HELLO', 6],
      [-2, 'lo wor', 10],
      [-9, 'h', 10],
    ] as const;
    for (const [offset, payload, after] of moves) {
      book.tcp.craft({ sequence: next(offset), payload: text(payload) }, book.now);
      expect(book.tcp.numbers.next, payload).to.equal(OWN + after);
    }
    expect(book.sent()).to.deep.equal([
      'PSH+ACK 1 ack 1 "hello"',
      'PSH+ACK 1 ack 1 "HELLO"',
      'PSH+ACK 4 ack 1 "lo wor"',
      'PSH+ACK 1 ack 1 "h"',
    ]);
  });

  const lost: Readonly<Record<string, CraftSpec>> = {
    'of a low TTL': { ttl: 3 },
    'of a wrong checksum': { checksum: 'wrong' },
    'of a given checksum': { checksum: 0x1234 },
    'of a wrong IP checksum': { ipChecksum: 'wrong' },
    'that is one fragment': { moreFragments: true },
    'that is said not to arrive': { arrives: false },
  };
  for (const [what, spec] of Object.entries(lost))
    it(`craft() does not count a segment ${what}`, () => {
      const book = Playbook.opened();
      book.tcp.craft({ ...spec, payload: text('decoy') }, book.now);
      expect(book.tcp.numbers).to.include({ next: OWN + 1 });
      expect(book.tcp.nextDue).to.equal(Infinity);
      book.tcp.send(text('hello'), book.now);
      expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "decoy"', 'PSH+ACK 1 ack 1 "hello"']);
    });

  it('craft() counts one of a low TTL that is said to arrive', () => {
    const book = Playbook.opened();
    book.tcp.craft({ ttl: 3, payload: text('hello'), arrives: true }, book.now);
    expect(book.tcp.numbers.next).to.equal(OWN + 6);
    book.pass(SECOND);
    // Sent again as the stack would: it is to arrive now.
    expect(book.segments.at(-1)).to.include({ origin: 'retransmission', ttl: 64 });
  });

  it('craft() learns from an acknowledgment that a doubtful segment arrived', () => {
    const book = Playbook.opened();
    book.tcp.craft({ ttl: 3, payload: text('hello') }, book.now);
    book.receive({ acknowledgment: OWN + 6 });
    expect(book.tcp.numbers).to.include({ next: OWN + 6, unacknowledged: OWN + 6 });
    expect(book.kinds()).to.deep.equal(['acked']);
  });

  it('craft() sends a segment once when it is asked not to repeat it', () => {
    const book = Playbook.opened();
    book.tcp.craft({ payload: text('once'), retransmit: false }, book.now);
    expect(book.tcp.numbers.next).to.equal(OWN + 5);
    expect(book.tcp.nextDue).to.equal(Infinity);
  });

  it('craft() of a FIN moves the connection on, also behind a gap that is filled later', () => {
    const book = Playbook.opened();
    book.tcp.craft({ flags: FIN | ACK, sequence: next(2) }, book.now);
    expect(book.tcp.state).to.equal('established');
    book.tcp.craft({ payload: text('ab') }, book.now);
    expect(book.tcp.state).to.equal('fin-wait-1');
    book.receive({ acknowledgment: OWN + 4 });
    expect(book.tcp.state).to.equal('fin-wait-2');
    book.receive({ acknowledgment: OWN + 4, flags: FIN | ACK });
    expect(book.tcp.state).to.equal('time-wait');
    book.tcp.close(book.now);
    expect(book.sent()).to.deep.equal(['FIN+ACK 3 ack 1', 'PSH+ACK 1 ack 1 "ab"', 'ACK 4 ack 2']);
  });

  it('craft() of a reset ends the connection when the peer will obey it, and not else', () => {
    const book = Playbook.opened();
    book.tcp.craft({ flags: RST, ttl: 3 }, book.now);
    book.tcp.craft({ flags: RST, sequence: next(7) }, book.now);
    expect(book.tcp.state).to.equal('established');
    book.tcp.craft({ flags: RST | ACK }, book.now);
    expect(book.tcp.state).to.equal('closed');
    expect(book.events).to.deep.equal([{ kind: 'closed', how: 'sent-reset' }]);
  });

  it('craft() clears an acknowledgment that is due, unless it does not arrive or says less', () => {
    const book = Playbook.opened({}, { ack: 'delayed' });
    book.receive({ payload: text('abc') });
    book.tcp.craft({ ttl: 1 }, book.now);
    book.tcp.craft({ acknowledgment: next(-1) }, book.now);
    expect(book.tcp.nextDue).to.equal(book.now + 40 * MILLI);
    book.tcp.craft({ acknowledgment: { kind: 'initial', offset: 4 } }, book.now);
    expect(book.tcp.nextDue).to.equal(Infinity);
    expect(book.sent()).to.deep.equal(['ACK 1 ack 4', 'ACK 1 ack 3', 'ACK 1 ack 4']);
  });

  it('craft() overrides every field of the packet', () => {
    const book = Playbook.opened();
    const spec: CraftSpec = {
      arrives: true,
      flags: URG | ACK,
      sequence: { kind: 'initial', offset: 1 },
      acknowledgment: { kind: 'absolute', value: 9 },
      window: 5,
      urgentPointer: 2,
      ttl: 3,
      id: 4,
      trafficClass: 8,
      dontFragment: false,
      options: emitTcpOptions([{ kind: 'sack', blocks: [{ left: 1, right: 2 }] }]),
      payload: text('abcdefgh'),
      fragments: [16],
    };
    book.tcp.craft(spec, book.now);
    const [segment] = book.segments.slice(-1);
    if (segment === undefined) throw new Error('nothing was sent');
    const whole = decodePacket(packetsOf({ ...segment, fragments: undefined }, V4)[0] ?? text(''));
    if (!whole.ok) throw new Error(whole.error);
    expect(whole.value.ip).to.deep.include({ ttl: 3, id: 4, trafficClass: 8, dontFragment: false });
    expect(whole.value.tcp).to.include({ sequence: OWN + 1, acknowledgment: 9, window: 5 });
    expect(whole.value.tcp?.options).to.deep.equal(
      Uint8Array.from([...(spec.options ?? []), 0, 0]),
    );
    expect(packetsOf(segment, V4).map(({ length }) => length)).to.deep.equal([36, 44]);
  });
});
