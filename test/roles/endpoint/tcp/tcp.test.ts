import { expect } from 'chai';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { readTcpOptions } from '../../../../src/wire/tcp-options.ts';
import { buildUdp } from '../../../../src/wire/build.ts';
import { fragmentPacket } from '../../../../src/wire/fragment.ts';
import { packetsOf } from '../../../../src/roles/endpoint/tcp/packets.ts';
import { MILLI, OWN, PEER, Playbook, START, V4, V6, swapped, text } from './playbook.ts';

const { ACK, FIN, PSH, RST, SYN } = TCP_FLAG;
const SECOND = 1000 * MILLI;

for (const [family, ends] of Object.entries({ IPv4: V4, IPv6: V6 }))
  describe(`roles/endpoint/tcp over ${family}`, () => {
    it('open() makes a connection, send() and close() use it, and it ends', () => {
      const book = new Playbook({}, { ack: 'now' }, ends);
      book.tcp.open(book.now);
      expect(book.sent()).to.deep.equal(['SYN 0']);
      book.receive({ sequence: PEER, flags: SYN | ACK });
      expect(book.sent()).to.deep.equal(['ACK 1 ack 1']);
      expect(book.tcp.send(text('hello'), book.now)).to.equal(true);
      expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "hello"']);
      book.receive({ acknowledgment: OWN + 6, flags: ACK | PSH, payload: text('hi') });
      expect(book.sent()).to.deep.equal(['ACK 6 ack 3']);
      expect(Buffer.from(book.tcp.read(book.now)).toString()).to.equal('hi');
      book.tcp.close(book.now);
      expect(book.sent()).to.deep.equal(['FIN+ACK 6 ack 3']);
      book.receive({ sequence: PEER + 3, acknowledgment: OWN + 7, flags: ACK | FIN });
      expect(book.sent()).to.deep.equal(['ACK 7 ack 4']);
      expect(book.tcp.state).to.equal('time-wait');
      expect(book.tcp.send(text('late'), book.now)).to.equal(false);
      book.pass(SECOND);
      expect(book.tcp.state).to.equal('closed');
      expect(book.tcp.nextDue).to.equal(Infinity);
      expect(book.kinds()).to.deep.equal([
        'acked',
        'established',
        'acked',
        'data',
        'acked',
        'fin',
        'closed',
      ]);
    });

    it('listen() answers a SYN and ends second', () => {
      const book = new Playbook({}, {}, ends);
      book.tcp.listen();
      book.receive({ sequence: PEER, flags: SYN });
      expect(book.sent()).to.deep.equal(['SYN+ACK 0 ack 1']);
      book.receive({});
      expect(book.tcp.state).to.equal('established');
      book.receive({ flags: ACK | FIN });
      expect(book.sent()).to.deep.equal(['ACK 1 ack 2']);
      expect(book.tcp.state).to.equal('close-wait');
      book.tcp.close(book.now);
      expect(book.tcp.state).to.equal('last-ack');
      book.receive({ sequence: PEER + 2, acknowledgment: OWN + 2 });
      expect(book.events.at(-1)).to.deep.equal({ kind: 'closed', how: 'fin' });
    });
  });

describe('roles/endpoint/tcp/tcp', () => {
  it('adopt() goes on with a connection that is open, and with its timestamps', () => {
    const book = new Playbook({}, { ack: 'now' });
    const offer = readTcpOptions(
      Uint8Array.of(2, 4, 5, 180, 3, 3, 7, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0),
    );
    const own = { offer, next: OWN + 100 };
    const peer = { offer, next: PEER + 50, window: 30 };
    book.tcp.adopt({ own, peer, timestamps: { value: 7000, echo: 900 } }, book.now);
    expect(book.tcp.state).to.equal('established');
    expect(book.tcp.stamp(book.now + 3 * MILLI)).to.deep.equal({ value: 7003, echo: 900 });
    book.tcp.send(text('x'.repeat(40)), book.now);
    expect(book.sent()).to.deep.equal([`ACK 100 ack 50 "${'x'.repeat(30)}"`]);
    book.tcp.adopt({ own: peer, peer: { ...own, window: 1 }, timestamps: null }, book.now);
    expect(book.tcp.numbers.next).to.equal(OWN + 130);
  });

  it('receive() reports every segment as it was on the wire', () => {
    const book = Playbook.opened();
    book.receive({ ttl: 9, id: 77, window: 512, urgentPointer: 3, payload: text('abc') });
    expect(book.events[0]).to.deep.equal({
      kind: 'segment',
      segment: {
        time: START,
        flags: ACK,
        sequence: PEER + 1,
        acknowledgment: OWN + 1,
        payloadLength: 3,
        window: 512,
        urgentPointer: 3,
        ttl: 9,
        ipId: 77,
        checksum: 'valid',
      },
    });
  });

  it('receive() drops and counts what has a wrong checksum, and says so', () => {
    const book = Playbook.opened();
    book.receive({ payload: text('abc'), checksum: 'wrong' });
    book.receive({ payload: text('abc'), ipChecksum: 'wrong' });
    expect(book.tcp.dropped).to.equal(2);
    expect(
      book.events.map((event) => (event.kind === 'dropped' ? event.why : event.kind)),
    ).to.deep.equal(['segment', 'checksum', 'segment', 'ip-checksum']);
    expect(book.tcp.numbers.available).to.equal(0);
    expect(book.sent()).to.deep.equal([]);
  });

  it('receive() drops fragments and what is no TCP', () => {
    const book = Playbook.opened();
    book.receivePacket(buildUdp({ ...swapped(V4), payload: text('x') }));
    book.tcp.send(text('some more bytes'), book.now);
    const [packet = text('')] = book.packets().slice(-1);
    for (const part of fragmentPacket(packet, [24], 1)) book.receivePacket(part);
    expect(book.tcp.dropped).to.equal(3);
    expect(book.kinds()).to.deep.equal(['dropped', 'dropped', 'dropped']);
  });

  it('send() keeps calls apart, cuts at sizes, and at the segment size', () => {
    const book = Playbook.opened({ maximumSegmentSize: 8, congestionWindow: 1000 });
    book.tcp.send(text('abcdef'), book.now, [1, 2]);
    book.tcp.send(text('0123456789'), book.now);
    expect(book.sent()).to.deep.equal([
      'ACK 1 ack 1 "a"',
      'ACK 2 ack 1 "bc"',
      'PSH+ACK 4 ack 1 "def"',
      'ACK 7 ack 1 "01234567"',
      'PSH+ACK 15 ack 1 "89"',
    ]);
  });

  it('send() before the connection is there waits for it', () => {
    const book = new Playbook({}, { ack: 'now' });
    book.tcp.send(text('early'), book.now);
    book.tcp.open(book.now);
    book.receive({ sequence: PEER, flags: SYN | ACK });
    expect(book.sent()).to.deep.equal(['SYN 0', 'PSH+ACK 1 ack 1 "early"']);
  });

  it('reset() sends one reset and is silent where nobody is', () => {
    const book = Playbook.opened();
    book.tcp.send(text('x'), book.now);
    book.tcp.reset(book.now);
    book.tcp.reset(book.now);
    expect(book.sent().slice(1)).to.deep.equal(['RST+ACK 2 ack 1']);
    expect(book.tcp.nextDue).to.equal(Infinity);
    const quiet = new Playbook();
    quiet.tcp.listen();
    quiet.tcp.reset(quiet.now);
    expect(quiet.sent()).to.deep.equal([]);
    expect(quiet.events).to.deep.equal([{ kind: 'closed', how: 'sent-reset' }]);
  });

  it('close() before the peer answered waits for it, and ends a wait for anybody', () => {
    const book = new Playbook({}, { ack: 'piggyback' });
    book.tcp.open(book.now);
    book.tcp.close(book.now);
    expect(book.sent()).to.deep.equal(['SYN 0']);
    book.receive({ sequence: PEER, flags: SYN | ACK });
    expect(book.sent()).to.deep.equal(['FIN+ACK 1 ack 1']);
    const quiet = new Playbook();
    quiet.tcp.listen();
    quiet.tcp.close(quiet.now);
    expect(quiet.tcp.state).to.equal('closed');
  });

  it('read() tells the peer of a window that opened', () => {
    const book = Playbook.opened({ receiveBuffer: 3000 }, { ack: 'now' });
    book.receive({ payload: new Uint8Array(1460) });
    book.receive({ sequence: PEER + 1461, payload: new Uint8Array(1460) });
    expect(book.segments.slice(-2).map(({ window }) => window)).to.deep.equal([1540, 80]);
    book.tcp.read(book.now, 100);
    expect(book.segments.at(-1)?.window).to.equal(80);
    book.tcp.read(book.now);
    expect(book.segments.at(-1)).to.include({ window: 3000, flags: ACK });
  });

  it('configure() changes policies while the connection lives', () => {
    const book = Playbook.opened({}, { ack: 'piggyback' });
    book.receive({ payload: text('abc') });
    expect(book.sent()).to.deep.equal([]);
    book.tcp.configure({ ack: 'now' }, book.now);
    expect(book.sent()).to.deep.equal(['ACK 1 ack 4']);
    expect(book.tcp.policy).to.include({ ack: 'now', retransmit: true });
    book.tcp.send(text('x'), book.now);
    book.tcp.configure({ retransmit: false }, book.now);
    expect(book.tcp.nextDue).to.equal(Infinity);
  });

  it('open() offers what Linux offers, and falls back to what the peer takes', () => {
    const all = { timestamps: true, windowScale: true, sackPermitted: true };
    const book = new Playbook({ ...all, receiveBuffer: 262_144 });
    book.tcp.open(book.now);
    const [syn] = book.segments;
    expect(readTcpOptions(syn?.options ?? text(''))).to.deep.include({
      maximumSegmentSize: 1460,
      windowScale: 3,
      sackPermitted: true,
    });
    expect(syn).to.include({ window: 65_535, acknowledgment: 0 });
    book.receive({ sequence: PEER, flags: SYN | ACK });
    expect(book.tcp.numbers.segmentSize).to.equal(536);
    book.tcp.send(text('x'), book.now);
    expect(book.segments.at(-1)?.options).to.have.length(0);
  });

  it('open() with signatures leaves room for them in each segment', () => {
    const book = Playbook.opened({ md5Signature: true });
    expect(book.tcp.numbers.segmentSize).to.equal(1440);
    book.tcp.send(text('x'), book.now);
    const found = book.segments.map(({ options }) => readTcpOptions(options).md5?.length);
    expect(found).to.deep.equal([16, 16, 16]);
  });

  it('numbers say where the connection stands', () => {
    const book = Playbook.opened();
    book.tcp.send(text('abc'), book.now);
    book.receive({ payload: text('xy'), window: 2 });
    book.tcp.send(text('held'), book.now);
    expect(book.tcp.numbers).to.deep.equal({
      initial: OWN,
      unacknowledged: OWN + 1,
      next: OWN + 4,
      peerInitial: PEER,
      peerNext: PEER + 3,
      available: 2,
      peerWindow: 2,
      segmentSize: 1460,
      unsent: 4,
      oversized: null,
      retransmissions: 0,
    });
  });

  it('createTcp() with one seed makes the same segments each time', () => {
    const emitted = (): Uint8Array[] => {
      const book = new Playbook({ initialSequence: null, timestamps: true });
      book.tcp.open(book.now);
      return book.segments.flatMap((segment) => packetsOf(segment, V4));
    };
    expect(emitted()).to.deep.equal(emitted());
  });

  it('reset() of a peer is obeyed, or not, as the policy says', () => {
    for (const resets of ['obey', 'ignore'] as const) {
      const book = Playbook.opened({}, { resets });
      book.receive({ flags: RST });
      expect(book.tcp.state).to.equal(resets === 'obey' ? 'closed' : 'established');
      expect(book.kinds()[0]).to.equal('reset');
    }
  });
});
