import { expect } from 'chai';
import { seededRandom } from '../../../../src/base/random.ts';
import { DEFAULT_MIRROR } from '../../../../src/model/mirror-defaults.ts';
import type { MirrorSpec } from '../../../../src/model/mirror.ts';
import { Copy } from '../../../../src/roles/mirror/copy/copy.ts';
import { receive } from '../../../../src/roles/mirror/copy/receive.ts';
import { expire, flush, giveUp, nextDue } from '../../../../src/roles/mirror/copy/say.ts';
import { Outgoing } from '../../../../src/roles/mirror/outgoing.ts';
import { type TcpSpec, buildTcp } from '../../../../src/wire/build.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { TCP_FLAG, formatTcpFlags } from '../../../../src/wire/tcp.ts';
import {
  type TcpOptionSpec,
  emitTcpOptions,
  readTcpOptions,
} from '../../../../src/wire/tcp-options.ts';
import { MILLI, START, V4, V6, swapped, text } from '../../endpoint/tcp/playbook.ts';

const { ACK, FIN, RST, SYN } = TCP_FLAG;
/** Initial sequence numbers of the client and of the target. */
const OWN = 1000;
const PEER = 5000;
const MSS: TcpOptionSpec = { kind: 'maximum-segment-size', size: 1460 };

interface Made {
  readonly offer?: readonly TcpOptionSpec[];
  readonly spec?: Partial<MirrorSpec>;
  readonly isV6?: boolean;
}

/** A copy, and a target that the test plays by hand. Numbers in what is told count from the initial ones. */
class Playbook {
  now: number = START;
  readonly outgoing = new Outgoing();
  readonly copy: Copy;
  readonly answers: { readonly length: number; readonly bytes: Uint8Array | null }[] = [];
  /** What was said for the first time, and in which turn of the client. */
  readonly said: [words: string, turn: number][] = [];
  readonly #ends: typeof V4;
  #packets: Uint8Array[] = [];

  constructor({ offer = [MSS], spec = {}, isV6 = false }: Made = {}) {
    this.#ends = isV6 ? V6 : V4;
    this.copy = new Copy({
      ends: this.#ends,
      offer: readTcpOptions(emitTcpOptions(offer)),
      initialSequence: OWN,
      outgoing: this.outgoing,
      spec: { ...DEFAULT_MIRROR, ...spec },
      random: seededRandom(1),
      send: (packet) => this.#packets.push(packet),
      said: (bytes, turn) => this.said.push([Buffer.from(bytes).toString('latin1'), turn]),
      answered: (length, bytes) => this.answers.push({ length, bytes: bytes?.slice() ?? null }),
    });
    flush(this.copy, this.now);
  }

  /** One whose target has accepted. */
  static open(made: Made = {}, synAck: Partial<TcpSpec> = {}): Playbook {
    const book = new Playbook(made);
    book.receive({ sequence: PEER, flags: SYN | ACK, options: emitTcpOptions([MSS]), ...synAck });
    book.sent();
    return book;
  }

  receive(spec: Partial<TcpSpec>): boolean {
    const packet = buildTcp({
      sequence: PEER + 1,
      acknowledgment: OWN + 1,
      flags: ACK,
      ...spec,
      ...swapped(this.#ends),
    });
    const view = new PacketView();
    view.load(packet, 0, packet.length);
    const isKnown = receive(this.copy, view, this.now);
    packet.fill(0xee);
    return isKnown;
  }

  say(words: string, answered = 0): void {
    this.outgoing.append(text(words), answered);
    flush(this.copy, this.now);
  }

  finish(answered = 0): void {
    this.outgoing.finish(answered);
    flush(this.copy, this.now);
  }

  /** Moves the clock, and lets each timer run out when it is due. */
  pass(micros: number): void {
    const end = this.now + micros;
    for (let turn = 0; nextDue(this.copy) <= end; turn += 1) {
      if (turn > 10_000) throw new Error('the copy is due for ever');
      this.now = Math.max(this.now, nextDue(this.copy));
      expire(this.copy, this.now);
    }
    this.now = end;
  }

  packets(): Uint8Array[] {
    const packets = this.#packets;
    this.#packets = [];
    return packets;
  }

  /** What was sent since the last call: flags, sequence and acknowledgment from the initial ones on, bytes. */
  sent(): string[] {
    return this.packets().map((packet) => {
      const view = load(packet);
      const ack = (view.flags & ACK) === 0 ? '' : ` ack ${(view.acknowledgment - PEER) | 0}`;
      const bytes = Buffer.from(view.payload).toString('latin1');
      const words = bytes === '' ? '' : ` "${bytes}"`;
      return `${formatTcpFlags(view.flags)} ${(view.sequence - OWN) | 0}${ack}${words}`;
    });
  }
}

function load(packet: Uint8Array): PacketView {
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  return view;
}

const OFFER: readonly TcpOptionSpec[] = [
  MSS,
  { kind: 'sack-permitted' },
  { kind: 'timestamps', value: 777, echo: 0 },
  { kind: 'no-operation' },
  { kind: 'window-scale', shift: 5 },
];

describe('roles/mirror/copy/copy', () => {
  it('opens with the numbers and the offer of the client, and nothing else of it', () => {
    const foreign: TcpOptionSpec = { kind: 'other', number: 34, data: Uint8Array.of(1, 2) };
    const [syn = new Uint8Array(0)] = new Playbook({ offer: [...OFFER, foreign] }).packets();
    const view = load(syn);
    expect([view.flags, view.sequence, view.acknowledgment]).to.deep.equal([SYN, OWN, 0]);
    expect(view.sourceText).to.equal('10.0.0.1');
    expect(readTcpOptions(view.tcpOptions)).to.deep.equal(readTcpOptions(emitTcpOptions(OFFER)));
    expect(view.verifyTransportChecksum()).to.equal('valid');
    const [plain = new Uint8Array(0)] = new Playbook({ isV6: true }).packets();
    expect(load(plain).version).to.equal(6);
    expect(load(plain).verifyTransportChecksum()).to.equal('valid');
  });

  it('acknowledges in the target’s numbers, and echoes its timestamps with its own going on', () => {
    const book = Playbook.open(
      { offer: OFFER },
      { options: emitTcpOptions([MSS, { kind: 'timestamps', value: 50, echo: 777 }]) },
    );
    book.now += 30 * MILLI;
    book.say('hello');
    const [said = new Uint8Array(0)] = book.packets();
    const stamps = { kind: 'timestamps', value: 90, echo: 777 } as const;
    expect(readTcpOptions(load(said).tcpOptions).timestamps).to.deep.equal({
      value: 807,
      echo: 50,
    });
    expect(load(said).acknowledgment).to.equal(PEER + 1);
    book.receive({
      acknowledgment: OWN + 6,
      payload: text('hi'),
      options: emitTcpOptions([stamps]),
    });
    book.pass(50 * MILLI);
    const [acknowledged = new Uint8Array(0)] = book.packets();
    expect(load(acknowledged).acknowledgment).to.equal(PEER + 3);
    expect(readTcpOptions(load(acknowledged).tcpOptions).timestamps?.echo).to.equal(90);
  });

  it('waits for the target to accept, and says then what has come', () => {
    const book = new Playbook();
    book.say('one');
    book.say('two');
    expect(book.sent()).to.deep.equal(['SYN 0']);
    book.receive({ sequence: PEER, flags: SYN | ACK });
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "one"', 'PSH+ACK 4 ack 1 "two"']);
    book.receive({ sequence: PEER, flags: SYN | ACK });
    expect(book.sent()).to.deep.equal(['ACK 7 ack 1']);
  });

  it('opens again until the target answers or the time is over', () => {
    const book = new Playbook({ spec: {} });
    book.pass(10_000 * MILLI);
    const syns = book.sent();
    expect(syns.length).to.be.within(3, 6);
    expect(new Set(syns)).to.deep.equal(new Set(['SYN 0', 'RST 1']));
    expect([book.copy.ending, nextDue(book.copy)]).to.deep.equal(['no-connection', Infinity]);
  });

  it('ends where the target refuses, and not where somebody else does', () => {
    const book = new Playbook();
    book.receive({ flags: RST | ACK, acknowledgment: 4 });
    expect(book.copy.state).to.equal('syn-sent');
    book.receive({ flags: RST | ACK });
    expect(book.copy.ending).to.equal('refused-by-target');
  });

  it('resets a connection that the target remembers from before', () => {
    const book = new Playbook();
    book.sent();
    book.receive({ acknowledgment: OWN + 500 });
    expect(book.sent()).to.deep.equal(['RST 500']);
    book.receive({ sequence: PEER, flags: SYN | ACK });
    expect(book.copy.state).to.equal('open');
  });

  it('keeps to the segment size and the window of the target', () => {
    const options = emitTcpOptions([{ kind: 'maximum-segment-size', size: 4 }]);
    const book = Playbook.open({}, { options, window: 10 });
    book.say('abcdefghijklmno');
    expect(book.sent()).to.deep.equal(['ACK 1 ack 1 "abcd"', 'ACK 5 ack 1 "efgh"']);
    book.receive({ acknowledgment: OWN + 9, window: 2 });
    expect(book.sent()).to.deep.equal(['ACK 9 ack 1 "ij"']);
  });

  it('cuts to the path’s MTU where the target announces more', () => {
    const options = emitTcpOptions([{ kind: 'maximum-segment-size', size: 8960 }]);
    const book = Playbook.open({ isV6: true }, { options });
    book.say('x'.repeat(3000));
    expect(book.packets().map(({ length }) => length)).to.deep.equal([1500, 1500, 180]);
  });

  it('asks a closed window whether it has opened, and gives up after a while', () => {
    const book = Playbook.open({}, { window: 0 });
    book.say('hello');
    expect(book.sent()).to.deep.equal([]);
    book.pass(400 * MILLI);
    expect(new Set(book.sent())).to.deep.equal(new Set(['ACK 0 ack 1']));
    book.receive({ window: 100 });
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "hello"']);
    book.receive({ acknowledgment: OWN + 6, window: 0 });
    book.say('more');
    book.pass(31_000 * MILLI);
    expect(book.copy.ending).to.equal('no-window');
    expect(book.sent().at(-1)).to.equal('RST+ACK 6 ack 1');
  });

  it('says again what was not acknowledged in time, or was asked for three times', () => {
    const book = Playbook.open();
    for (const words of ['one', 'two', 'six', 'ten']) book.say(words);
    book.sent();
    for (let time = 0; time < 3; time += 1) book.receive({ acknowledgment: OWN + 4 });
    expect(book.sent()).to.deep.equal([]);
    book.receive({ acknowledgment: OWN + 4 });
    expect(book.sent()).to.deep.equal(['PSH+ACK 4 ack 1 "two"']);
    book.receive({ acknowledgment: OWN + 7 });
    expect(book.sent()).to.deep.equal(['PSH+ACK 7 ack 1 "six"']);
    book.pass(900 * MILLI);
    expect(book.sent()[0]).to.equal('PSH+ACK 7 ack 1 "six"');
    expect(book.said).to.deep.equal([
      ['one', 1],
      ['two', 1],
      ['six', 1],
      ['ten', 1],
    ]);
    book.receive({ acknowledgment: OWN + 13 });
    book.sent();
    book.pass(5000 * MILLI);
    expect(book.sent()).to.deep.equal([]);
  });

  it('gives up a target that acknowledges no more', () => {
    const book = Playbook.open();
    book.say('hello');
    book.pass(31_000 * MILLI);
    expect(book.copy.ending).to.equal('no-acknowledgment');
    expect(nextDue(book.copy)).to.equal(Infinity);
  });

  it('takes no acknowledgment of what it never said', () => {
    const book = Playbook.open();
    book.say('hello');
    book.receive({ acknowledgment: OWN + 600 });
    expect(book.copy.flight.acknowledged).to.equal(0);
  });

  it('acknowledges every second full segment at once, others in 40 ms, and at once what came out of order', () => {
    const book = Playbook.open();
    const full = text('y'.repeat(1460));
    book.receive({ payload: full });
    expect(book.sent()).to.deep.equal([]);
    book.receive({ sequence: PEER + 1461, payload: full });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 2921']);
    book.receive({ sequence: PEER + 2921, payload: text('z') });
    book.pass(39 * MILLI);
    expect(book.sent()).to.deep.equal([]);
    book.pass(2 * MILLI);
    expect(book.sent()).to.deep.equal(['ACK 1 ack 2922']);
    book.receive({ sequence: PEER + 3000, payload: text('late') });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 2922']);
  });

  it('hears what the target says in order, also where only headers come', () => {
    const book = Playbook.open();
    book.receive({ payload: text('abc') });
    expect(book.answers).to.deep.equal([{ length: 3, bytes: new Uint8Array(text('abc')) }]);
  });

  it('waits with a request for the answer before it', () => {
    const book = Playbook.open();
    book.say('first');
    book.receive({ acknowledgment: OWN + 6 });
    book.say('second', 4);
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "first"']);
    book.receive({ acknowledgment: OWN + 6, payload: text('done') });
    expect(book.sent()).to.deep.equal(['PSH+ACK 6 ack 5 "second"']);
  });

  it('ends when the client has said all, and remembers it until the target has too', () => {
    const book = Playbook.open();
    book.say('hello');
    book.finish();
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "hello"', 'FIN+ACK 6 ack 1']);
    book.receive({ acknowledgment: OWN + 7 });
    expect([book.copy.ending, book.copy.isGone]).to.deep.equal(['finished', false]);
    book.receive({ acknowledgment: OWN + 7, payload: text('bye'), flags: ACK | FIN });
    expect(book.sent()).to.deep.equal(['ACK 7 ack 5']);
    book.receive({ acknowledgment: OWN + 7, payload: text('bye'), flags: ACK | FIN });
    expect(book.sent()).to.deep.equal(['ACK 7 ack 5']);
    book.pass(2000 * MILLI);
    expect([book.copy.isGone, book.sent()]).to.deep.equal([true, []]);
    expect(book.receive({ acknowledgment: OWN + 7 })).to.equal(false);
  });

  it('acknowledges an end that comes with the acknowledgment of its own', () => {
    const book = Playbook.open();
    book.finish();
    expect(book.sent()).to.deep.equal(['FIN+ACK 1 ack 1']);
    book.receive({ acknowledgment: OWN + 2, flags: ACK | FIN });
    expect(book.sent()).to.deep.equal(['ACK 2 ack 2']);
    expect(book.copy.ending).to.equal('finished');
  });

  it('resets a target that does not end though the client has', () => {
    const book = Playbook.open();
    book.finish();
    book.receive({ acknowledgment: OWN + 2 });
    book.sent();
    book.pass(7000 * MILLI);
    expect(book.sent()).to.deep.equal(['RST+ACK 2 ack 1']);
    expect([book.copy.ending, book.copy.isGone]).to.deep.equal(['finished', true]);
  });

  it('tells that the end was not acknowledged, of which nothing is short', () => {
    const book = Playbook.open();
    book.say('hello');
    book.finish();
    book.receive({ acknowledgment: OWN + 6 });
    book.pass(7000 * MILLI);
    expect([book.copy.ending, book.copy.position]).to.deep.equal(['no-end', 5]);
  });

  it('closes with a target that closes between two requests, and says the next in another connection', () => {
    const book = Playbook.open();
    book.say('first');
    book.receive({ acknowledgment: OWN + 6, payload: text('done'), flags: ACK | FIN });
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "first"', 'FIN+ACK 6 ack 6']);
    book.receive({ sequence: PEER + 6, acknowledgment: OWN + 7 });
    expect(book.copy.state).to.equal('parted');
    book.say('second', 4);
    const begin = 65_536 + 6;
    expect(book.sent()).to.deep.equal([`SYN ${begin}`]);
    book.receive({ sequence: PEER + 90_000, acknowledgment: OWN + begin + 1, flags: SYN | ACK });
    expect(book.sent()).to.deep.equal([`PSH+ACK ${begin + 1} ack 90001 "second"`]);
    book.receive({ sequence: PEER + 90_001, acknowledgment: OWN + begin + 7 });
    expect([book.copy.position, book.copy.skipped]).to.deep.equal([11, 0]);
  });

  it('says a request again that a target reset before it acknowledged any of it', () => {
    const book = Playbook.open();
    book.say('first');
    book.receive({ flags: RST });
    expect([book.copy.state, book.copy.skipped]).to.deep.equal(['syn-sent', 0]);
  });

  it('leaves out the rest of a request of which the target had a part, until the client speaks after an answer', () => {
    const book = Playbook.open();
    book.say('first');
    book.receive({ acknowledgment: OWN + 3 });
    book.receive({ acknowledgment: 0, flags: RST });
    book.say('more of it');
    expect([book.copy.state, book.copy.skipped, book.copy.loss]).to.deep.equal([
      'parted',
      13,
      'reset-by-target',
    ]);
    book.say('second', 4);
    expect(book.copy.state).to.equal('syn-sent');
  });

  it('obeys no reset but that with the very next number, and asks about others in its window', () => {
    const book = Playbook.open();
    book.sent();
    book.receive({ flags: RST, sequence: PEER + 50 });
    expect(book.sent()).to.deep.equal(['ACK 1 ack 1']);
    book.receive({ flags: RST, sequence: PEER - 50 });
    expect([book.copy.state, book.sent()]).to.deep.equal(['open', []]);
  });

  it('resets where bytes of the client are missing, and goes on with the next request', () => {
    const book = Playbook.open();
    book.say('first');
    book.outgoing.appendHole(7);
    book.say('rest', 0);
    book.receive({ acknowledgment: OWN + 6 });
    expect(book.sent()).to.deep.equal(['PSH+ACK 1 ack 1 "first"', 'RST+ACK 6 ack 1']);
    expect([book.copy.skipped, book.copy.loss]).to.deep.equal([11, 'capture-loss']);
    book.say('second', 9);
    expect(book.copy.state).to.equal('syn-sent');
  });

  it('giveUp() resets what is open, once', () => {
    const book = Playbook.open();
    giveUp(book.copy, 'stopped', '', book.now);
    giveUp(book.copy, 'idle', '', book.now);
    expect([book.copy.ending, book.sent()]).to.deep.equal(['stopped', ['RST+ACK 1 ack 1']]);
  });
});
