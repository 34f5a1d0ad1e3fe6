import { expect } from 'chai';
import type { AckPolicy } from '../../../../src/roles/endpoint/tcp/settings.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { MILLI, OWN, PEER, Playbook, START, text } from './playbook.ts';

const { ACK, FIN, PSH, SYN } = TCP_FLAG;

/** When each segment left, in milliseconds from now, while nothing comes. */
function departures(book: Playbook, seconds: number): string[] {
  const start = book.now;
  const found: string[] = [];
  for (let passed = 0; passed < seconds * 1000; passed += 1) {
    book.pass(MILLI);
    found.push(...book.sent().map((words) => `${(book.now - start) / MILLI} ${words}`));
  }
  return found;
}

describe('roles/endpoint/tcp/flush', () => {
  it('flush() sends no more than the window holds, and goes on when it opens', () => {
    const book = Playbook.opened({}, {}, { window: 5 });
    book.tcp.send(text('abc'), book.now);
    book.tcp.send(text('defgh'), book.now);
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "abc"']);
    // Nothing is under way any more: a part is better than nothing.
    book.receive({ acknowledgment: OWN + 4, window: 2 });
    expect(book.sent()).to.deep.equal(['ACK 4 ack 1 "de"']);
    book.receive({ acknowledgment: OWN + 4, window: 4 });
    expect(book.sent()).to.deep.equal([]);
    book.receive({ acknowledgment: OWN + 6, window: 4 });
    expect(book.sent()).to.deep.equal(['PSH+ACK 6 ack 1 "fgh"']);
  });

  it('flush() sends no more at once than the congestion window', () => {
    const book = Playbook.opened({ maximumSegmentSize: 4, congestionWindow: 8 });
    book.tcp.send(text('aaaabbbbcccc'), book.now);
    expect(book.sent()).to.have.length(2);
    book.receive({ acknowledgment: OWN + 5 });
    expect(book.sent()).to.deep.equal(['PSH+ACK 9 ack 1 "cccc"']);
  });

  it('flush() holds the FIN back until everything before it fits', () => {
    const book = Playbook.opened({}, {}, { window: 3 });
    book.tcp.send(text('abc'), book.now);
    book.tcp.close(book.now);
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "abc"']);
    book.receive({ acknowledgment: OWN + 4, window: 1 });
    expect(book.sent()).to.deep.equal(['FIN+ACK 4 ack 1']);
  });

  it('expire() sends a SYN again after 1, 2, 4 … s and then gives up (RFC 6298 section 5)', () => {
    const book = new Playbook({ maximumRetransmissions: 3 });
    book.tcp.open(book.now);
    book.sent();
    expect(departures(book, 20)).to.deep.equal(['1000 SYN 0', '3000 SYN 0', '7000 SYN 0']);
    expect(book.events).to.deep.equal([
      { kind: 'timeout', transmissions: 4 },
      { kind: 'closed', how: 'timeout' },
    ]);
    expect(book.tcp.numbers.retransmissions).to.equal(3);
  });

  it('expire() sends the first segment again, and each next that an acknowledgment shows lost', () => {
    const book = Playbook.opened();
    for (const word of ['a', 'b', 'c']) book.tcp.send(text(word), book.now);
    book.sent();
    expect(departures(book, 0.3)).to.deep.equal(['200 PSH+ACK 1 ack 1 "a"']);
    book.receive({ acknowledgment: OWN + 2 });
    expect(book.sent()).to.deep.equal(['PSH+ACK 2 ack 1 "b"']);
    book.receive({ acknowledgment: OWN + 4 });
    expect(book.sent()).to.deep.equal([]);
    expect(book.tcp.nextDue).to.equal(Infinity);
  });

  it('flush() sends the first segment again at the third duplicate acknowledgment, once', () => {
    const book = Playbook.opened();
    for (const word of ['a', 'b', 'c']) book.tcp.send(text(word), book.now);
    book.sent();
    for (let copy = 0; copy < 5; copy += 1) book.receive({});
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "a"']);
    book.receive({ window: 100 });
    expect(book.sent()).to.deep.equal([]);
  });

  it('expire() sends nothing again when retransmission is off', () => {
    const book = Playbook.opened({}, { retransmit: false });
    book.tcp.send(text('a'), book.now);
    book.sent();
    for (let copy = 0; copy < 5; copy += 1) book.receive({});
    expect(departures(book, 5)).to.deep.equal([]);
  });

  it('expire() probes a closed window with bytes that the peer has, until it opens', () => {
    const book = Playbook.opened({}, {}, { window: 0 });
    book.tcp.send(text('abc'), book.now);
    expect(departures(book, 0.7)).to.deep.equal(['200 ACK 0 ack 1', '600 ACK 0 ack 1']);
    book.receive({ window: 0 });
    book.receive({ window: 3 });
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "abc"']);
  });

  it('expire() measures round trips, and not those of segments that were sent twice (RFC 6298)', () => {
    const book = new Playbook();
    book.tcp.open(book.now);
    book.pass(300 * MILLI);
    book.receive({ sequence: PEER, flags: SYN | ACK });
    book.tcp.send(text('a'), book.now);
    // 300 ms and, as there is one measurement, four times half of it.
    expect(book.tcp.nextDue - book.now).to.equal(900 * MILLI);
    book.pass(900 * MILLI);
    book.receive({ acknowledgment: OWN + 2 });
    book.tcp.send(text('b'), book.now);
    expect(book.tcp.nextDue - book.now).to.equal(900 * MILLI);
  });

  const policies: Readonly<Record<AckPolicy, readonly string[]>> = {
    now: ['0 ACK 1 ack 4', '0 ACK 1 ack 7', '0 ACK 1 ack 10', '1 PSH+ACK 1 ack 10 "x"'],
    delayed: ['0 ACK 1 ack 7', '1 PSH+ACK 1 ack 10 "x"'],
    piggyback: ['1 PSH+ACK 1 ack 10 "x"'],
    none: ['1 PSH+ACK 1 ack 1 "x"'],
  };
  for (const [ack, expected] of Object.entries(policies) as [AckPolicy, string[]][])
    it(`flush() acknowledges three segments by the policy "${ack}"`, () => {
      const book = Playbook.opened({}, { ack, retransmit: false });
      for (const offset of [0, 3, 6])
        book.receive({ sequence: PEER + 1 + offset, flags: PSH | ACK, payload: text('abc') });
      const atOnce = book.sent().map((words) => `0 ${words}`);
      book.tcp.send(text('x'), book.now);
      const withData = book.sent().map((words) => `1 ${words}`);
      expect([...atOnce, ...withData, ...departures(book, 1)]).to.deep.equal(expected);
    });

  it('expire() acknowledges a lone segment after 40 ms when it may be delayed', () => {
    const book = Playbook.opened({}, { ack: 'delayed' });
    book.receive({ payload: text('abc') });
    expect(book.tcp.nextDue).to.equal(START + 40 * MILLI);
    expect(departures(book, 1)).to.deep.equal(['40 ACK 1 ack 4']);
  });

  it('flush() with "piggyback" acknowledges a FIN only with our own', () => {
    const book = Playbook.opened({}, { ack: 'piggyback' });
    book.receive({ flags: FIN | ACK });
    expect(departures(book, 1)).to.deep.equal([]);
    book.tcp.close(book.now);
    expect(book.sent()).to.deep.equal(['FIN+ACK 1 ack 2']);
  });
});
