import { expect } from 'chai';
import type { ResetVerdict } from '../../../../src/roles/endpoint/tcp/event.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { emitTcpOptions, readTcpOptions } from '../../../../src/wire/tcp-options.ts';
import { MILLI, OWN, PEER, Playbook, text } from './playbook.ts';

const { ACK, FIN, RST, SYN } = TCP_FLAG;
const ALL = { timestamps: true, windowScale: true, sackPermitted: true };

function verdicts(book: Playbook): ResetVerdict[] {
  return book.events.flatMap((event) => (event.kind === 'reset' ? [event.verdict] : []));
}

const readText = (book: Playbook): string => Buffer.from(book.tcp.read(book.now)).toString();

describe('roles/endpoint/tcp/arrive', () => {
  const resets: readonly (readonly [number, ResetVerdict, string[]])[] = [
    [0, 'exact', []],
    [1, 'in-window', ['ACK 1 ack 1']],
    [65_534, 'in-window', ['ACK 1 ack 1']],
    [65_535, 'outside', []],
    [-1, 'outside', []],
  ];
  for (const [offset, verdict, answer] of resets)
    it(`arrive() takes a reset ${offset} after the next byte as ${verdict} (RFC 5961)`, () => {
      const book = Playbook.opened();
      book.receive({ flags: RST, sequence: PEER + 1 + offset, ttl: 7 });
      expect(verdicts(book)).to.deep.equal([verdict]);
      expect(book.sent()).to.deep.equal(answer);
      expect(book.tcp.state).to.equal(verdict === 'exact' ? 'closed' : 'established');
      const [event] = book.events.slice(1);
      expect(event?.kind === 'reset' && event.segment.ttl).to.equal(7);
    });

  it('arrive() in SYN-SENT obeys a reset that acknowledges the SYN, and no other', () => {
    const book = new Playbook();
    book.tcp.open(book.now);
    book.receive({ flags: RST | ACK, acknowledgment: OWN });
    book.receive({ flags: RST });
    expect(book.tcp.state).to.equal('syn-sent');
    book.receive({ flags: RST | ACK, sequence: 0 });
    expect(verdicts(book)).to.deep.equal(['outside', 'outside', 'exact']);
    expect(book.events.at(-1)).to.deep.equal({ kind: 'closed', how: 'received-reset' });
    book.receive({ flags: RST });
    expect(verdicts(book)).to.have.length(4);
    expect(book.sent()).to.deep.equal(['SYN 0']);
  });

  it('arrive() never answers what it cannot take with a reset', () => {
    const book = new Playbook();
    book.receive({ flags: SYN });
    book.tcp.listen();
    book.receive({});
    book.receive({ flags: RST });
    book.receive({ flags: FIN });
    expect(book.tcp.state).to.equal('listen');
    expect(book.sent()).to.deep.equal([]);
    const opening = new Playbook();
    opening.tcp.open(opening.now);
    opening.receive({ flags: SYN | ACK, acknowledgment: OWN });
    opening.receive({ flags: ACK });
    expect(opening.tcp.state).to.equal('syn-sent');
    expect(opening.sent()).to.deep.equal(['SYN 0']);
  });

  it('arrive() challenges a SYN and an acknowledgment of what was never sent', () => {
    const book = Playbook.opened();
    book.receive({ flags: SYN });
    book.receive({ acknowledgment: OWN + 2, payload: text('no') });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 1', 'ACK 1 ack 1']);
    expect(book.tcp.numbers.available).to.equal(0);
    book.receive({ flags: 0, payload: text('no') });
    expect(book.tcp.numbers.available).to.equal(0);
  });

  it('arrive() of SYNs that cross ends established without SYN+ACKs going on for ever', () => {
    const book = new Playbook();
    book.tcp.open(book.now);
    book.receive({ sequence: PEER, flags: SYN });
    expect(book.tcp.state).to.equal('syn-received');
    expect(book.sent()).to.deep.equal(['SYN 0', 'SYN+ACK 0 ack 1']);
    book.receive({ sequence: PEER, flags: SYN | ACK });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 1']);
    book.receive({});
    expect(book.tcp.state).to.equal('established');
  });

  it('arrive() answers a SYN that is sent again with the same SYN+ACK', () => {
    const book = new Playbook();
    book.tcp.listen();
    book.receive({ sequence: PEER, flags: SYN });
    book.receive({ sequence: PEER, flags: SYN });
    expect(book.sent()).to.deep.equal(['SYN+ACK 0 ack 1', 'SYN+ACK 0 ack 1']);
    book.receive({ acknowledgment: OWN });
    expect(book.tcp.state).to.equal('syn-received');
  });

  it('arrive() puts bytes in order, the first that came winning, and tells at once of gaps', () => {
    const book = Playbook.opened({}, { ack: 'delayed' });
    book.receive({ sequence: PEER + 4, payload: text('DEF') });
    book.receive({ sequence: PEER + 3, payload: text('cdefg') });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 1', 'ACK 1 ack 1']);
    book.receive({ payload: text('abX') });
    expect(readText(book)).to.equal('abcDEFg');
    book.receive({ payload: text('again') });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 8']);
  });

  it('arrive() cuts what lies beyond the window, the FIN with it', () => {
    const book = Playbook.opened({ receiveBuffer: 4 }, { ack: 'now' });
    book.receive({ flags: ACK | FIN, payload: text('abcdef') });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 5']);
    expect(book.segments.at(-1)?.window).to.equal(0);
    book.receive({ sequence: PEER + 5, payload: text('e') });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 5']);
    expect(book.tcp.state).to.equal('established');
    expect(readText(book)).to.equal('abcd');
  });

  it('arrive() takes a FIN only when everything before it is there', () => {
    const book = Playbook.opened({}, { ack: 'now' });
    book.receive({ sequence: PEER + 3, flags: ACK | FIN, payload: text('cd') });
    expect(book.tcp.state).to.equal('established');
    book.receive({ payload: text('ab') });
    expect(book.tcp.state).to.equal('close-wait');
    expect(book.sent()).to.deep.equal(['ACK 1 ack 1', 'ACK 1 ack 6']);
    expect(book.kinds()).to.deep.equal(['data', 'fin']);
    book.receive({ sequence: PEER + 6, payload: text('after the end') });
    expect(readText(book)).to.equal('abcd');
  });

  it('arrive() of FINs that cross goes through CLOSING', () => {
    const book = Playbook.opened();
    book.tcp.close(book.now);
    book.receive({ flags: ACK | FIN });
    expect(book.tcp.state).to.equal('closing');
    book.receive({ sequence: PEER + 2, acknowledgment: OWN + 2 });
    expect(book.tcp.state).to.equal('time-wait');
    book.pass(900 * MILLI);
    book.receive({ acknowledgment: OWN + 2, flags: ACK | FIN });
    expect(book.sent().at(-1)).to.equal('ACK 2 ack 2');
    book.pass(900 * MILLI);
    expect(book.tcp.state).to.equal('time-wait');
    book.pass(100 * MILLI);
    expect(book.tcp.state).to.equal('closed');
  });

  it('arrive() echoes timestamps, and drops what they show to be old (RFC 7323)', () => {
    const stamp = (value: number): Uint8Array =>
      emitTcpOptions([{ kind: 'timestamps', value, echo: 1 }]);
    const syn = emitTcpOptions([
      { kind: 'timestamps', value: 100, echo: 1 },
      { kind: 'maximum-segment-size', size: 1000 },
    ]);
    const book = Playbook.opened(ALL, { ack: 'now' }, { options: syn });
    expect(book.tcp.numbers.segmentSize).to.equal(988);
    book.receive({ payload: text('a'), options: stamp(105) });
    const echoed = readTcpOptions(book.segments.at(-1)?.options ?? text(''));
    expect(echoed.timestamps?.echo).to.equal(105);
    book.receive({ sequence: PEER + 2, payload: text('b'), options: stamp(104) });
    expect(book.tcp.numbers.peerNext).to.equal(PEER + 2);
    book.receive({ sequence: PEER + 2, payload: text('b') });
    expect(readText(book)).to.equal('ab');
  });

  it('arrive() tells the blocks that it holds, the newest first (RFC 2018)', () => {
    const options = emitTcpOptions([{ kind: 'sack-permitted' }]);
    const book = Playbook.opened(ALL, {}, { options });
    for (const offset of [2, 6, 4])
      book.receive({ sequence: PEER + offset + 1, payload: text('x') });
    const blocks = readTcpOptions(book.segments.at(-1)?.options ?? text('')).sack;
    expect(blocks.map(({ left, right }) => [left - PEER, right - PEER])).to.deep.equal([
      [5, 6],
      [3, 4],
      [7, 8],
    ]);
  });

  it('arrive() scales windows when both sides offer it', () => {
    const options = emitTcpOptions([{ kind: 'window-scale', shift: 4 }]);
    const settings = { ...ALL, receiveBuffer: 262_144 };
    const book = Playbook.opened(settings, { ack: 'now' }, { options, window: 1000 });
    expect(book.tcp.numbers.peerWindow).to.equal(1000);
    book.receive({ window: 1000, payload: text('x') });
    expect(book.tcp.numbers.peerWindow).to.equal(16_000);
    expect(book.segments.at(-1)?.window).to.equal(262_143 >>> 3);
  });

  it('arrive() takes no window from an older segment', () => {
    const book = Playbook.opened();
    book.receive({ payload: text('ab'), window: 100 });
    book.receive({ sequence: PEER + 2, payload: text('bc'), window: 50 });
    expect(book.tcp.numbers.peerWindow).to.equal(50);
    book.receive({ sequence: PEER + 1, payload: text('abcd'), window: 9 });
    expect(book.tcp.numbers.peerWindow).to.equal(50);
  });
});
