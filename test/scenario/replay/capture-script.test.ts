import { expect } from 'chai';
import fc from 'fast-check';
import { type CaptureOptions, captureScript } from '../../../src/scenario/replay/capture-script.ts';
import type { ReplayScript } from '../../../src/scenario/replay/replay-script.ts';
import { buildIcmp } from '../../../src/wire/build.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { TCP_FLAG, maximumSegmentSizeOption } from '../../../src/wire/tcp.ts';
import { EXCHANGE } from './exchange.ts';
import {
  ENDS,
  INITIAL,
  type MadePacket,
  type Side,
  address,
  captureOf,
  datagram,
  handshake,
  linesOf,
  segment,
  text,
  valueOf,
} from './made-capture.ts';

const PAYLOAD: CaptureOptions = { level: 'payload', flows: [], fill: false };
const { FIN, RST, ACK, SYN, PSH } = TCP_FLAG;

const read = (packets: readonly MadePacket[], more: Partial<CaptureOptions> = {}): ReplayScript =>
  valueOf(captureScript(captureOf(packets), { ...PAYLOAD, ...more }));

const faultOf = (packets: readonly MadePacket[], more: Partial<CaptureOptions> = {}): unknown =>
  captureScript(captureOf(packets), { ...PAYLOAD, ...more });

describe('captureScript() at level payload', () => {
  it('gives what both sides sent and how they closed, timed from the SYN', () => {
    const script = read(EXCHANGE.map(({ at, bytes }) => ({ at: at + 500, bytes })));
    expect(script.conversations).to.have.length(1);
    expect(script.conversations[0]).to.deep.include({
      number: 1,
      transport: 'tcp',
      protocol: 6,
      ...ENDS,
      begin: 0,
    });
    expect(linesOf(script)).to.deep.equal([
      '10 client send hello',
      '15 server send answer',
      '16 client close fin',
      '17 server close fin',
    ]);
    expect(script.conversations[0]?.steps.map(({ frame }) => frame)).to.deep.equal([4, 6, 7, 8]);
  });

  it('drops what was sent again, keep-alives and duplicates', () => {
    const [first, second] = [text('first'), text('second')];
    const script = read([
      ...handshake(0),
      segment(3, 'client', { sequence: 1, payload: first }),
      segment(4, 'client', { sequence: 1, payload: first }),
      segment(5, 'client', { sequence: 5, payload: text('t') }),
      segment(6, 'client', { sequence: 6, payload: second }),
      segment(206, 'client', { sequence: 1, payload: text('firstsecond') }),
      segment(207, 'client', { sequence: 0, payload: text('x') }),
    ]);
    expect(linesOf(script)).to.deep.equal(['3 client send first', '6 client send second']);
  });

  it('trims what overlaps to what is new', () => {
    const script = read([
      ...handshake(0),
      segment(3, 'client', { sequence: 1, payload: text('abcdef') }),
      segment(4, 'client', { sequence: 4, payload: text('XXXghi') }),
      segment(5, 'client', { sequence: 13, payload: text('mno') }),
      segment(6, 'client', { sequence: 7, payload: text('YYYjklZZZpq') }),
    ]);
    expect(linesOf(script)).to.deep.equal([
      '3 client send abcdef',
      '4 client send ghi',
      '5 client send jkl',
      '5 client send mno',
      '6 client send pq',
    ]);
  });

  it('puts what came late where it belongs, at the latest when what follows it left', () => {
    const script = read([
      ...handshake(0),
      segment(5, 'client', { sequence: 6, payload: text('b') }),
      segment(7, 'client', { sequence: 7, payload: text('c') }),
      segment(9, 'client', { sequence: 1, payload: text('aaaaa') }),
    ]);
    expect(linesOf(script)).to.deep.equal([
      '5 client send aaaaa',
      '5 client send b',
      '7 client send c',
    ]);
  });

  it('keeps data that came after a FIN, and a FIN that came with data', () => {
    const script = read([
      ...handshake(0),
      segment(3, 'client', { flags: PSH | ACK | FIN, sequence: 1, payload: text('ask') }),
      segment(8, 'server', { sequence: 1, payload: text('answer') }),
      segment(9, 'server', { flags: ACK | FIN, sequence: 7 }),
    ]);
    expect(linesOf(script)).to.deep.equal([
      '3 client send ask',
      '3 client close half',
      '8 server send answer',
      '9 server close fin',
    ]);
  });

  it('ends at a RST, and takes none for one after both FINs', () => {
    const open = [...handshake(0), segment(3, 'client', { sequence: 1, payload: text('ask') })];
    expect(
      linesOf(
        read([
          ...open,
          segment(4, 'server', { flags: RST | ACK, sequence: 1 }),
          segment(5, 'client', { sequence: 4, payload: text('late') }),
        ]),
      ),
    ).to.deep.equal(['3 client send ask', '4 server close reset']);
    expect(
      linesOf(
        read([
          ...open,
          segment(4, 'client', { flags: ACK | FIN, sequence: 4 }),
          segment(5, 'server', { sequence: 1, payload: text('bye') }),
          segment(6, 'client', { flags: RST, sequence: 5 }),
          segment(7, 'server', { flags: ACK | FIN, sequence: 4 }),
        ]),
      ),
    ).to.deep.equal([
      '3 client send ask',
      '4 client close half',
      '5 server send bye',
      '6 client close reset',
    ]);
    expect(
      linesOf(read([...EXCHANGE, segment(30, 'client', { flags: RST, sequence: 7 })])),
    ).to.deep.equal(linesOf(read(EXCHANGE)));
  });

  it('takes a SYN+ACK, then ports, then who was heard first for the client, when it began too late', () => {
    const clientOf = (packets: readonly MadePacket[]): unknown =>
      read(packets).conversations[0]?.client;
    const answer = segment(1, 'server', { flags: SYN | ACK, sequence: 0 });
    const data = segment(2, 'server', { sequence: 1, payload: text('banner') });
    expect(clientOf([answer, data])).to.deep.equal(ENDS.client);
    expect(clientOf([data])).to.deep.equal(ENDS.client);
    const high = { ...ENDS, server: { address: '10.0.0.2', port: 50_000 } };
    const first = segment(1, 'server', { sequence: 1, payload: text('x') }, high);
    expect(clientOf([first])).to.deep.equal(high.server);
  });

  it('tells connections with the same ports apart by their SYNs, not by a SYN sent again', () => {
    const again = EXCHANGE[0];
    const { conversations } = read([...(again ? [again] : []), ...EXCHANGE]);
    expect(conversations).to.have.length(1);
    const second = segment(100, 'client', { flags: SYN, sequence: 5000 });
    const data = segment(101, 'client', { sequence: 5001, payload: text('second') });
    const both = read([...EXCHANGE, second, data]);
    expect(both.conversations.map(({ number, begin }) => [number, begin])).to.deep.equal([
      [1, 0],
      [2, 100],
    ]);
    expect(linesOf(both).at(-1)).to.equal('1 client send second');
  });

  it('cuts segments that are longer than the MSS, or than the replay can carry, and says so', () => {
    const packets = [
      ...handshake(0, maximumSegmentSizeOption(10)),
      segment(3, 'client', { sequence: 1, payload: text('0123456789abcdefghijXYZ') }),
    ];
    const script = read(packets);
    const cut = ['3 client send 0123456789', '3 client send abcdefghij', '3 client send XYZ'];
    expect(linesOf(script)).to.deep.equal(cut);
    expect(script.notes).to.have.length(1);
    expect(script.notes[0]).to.contain(
      "tcp-1: 1 of the client's segments are longer than the 10 bytes",
    );
    expect(linesOf(read(packets, { segment: 20 }))).to.deep.equal(cut);
    expect(linesOf(read(packets, { segment: 5 }))).to.have.length(5);
  });

  it('refuses bytes that the capture lacks, or fills them in', () => {
    const packets = [...handshake(0), segment(3, 'client', { sequence: 4, payload: text('rest') })];
    expect(faultOf(packets)).to.deep.equal({
      ok: false,
      error: 'It lacks 3 bytes that the client sent before packet 4',
    });
    expect(linesOf(read(packets, { fill: true }))).to.deep.equal([
      '3 client send random 3',
      '3 client send rest',
    ]);
  });

  it('refuses packets that the snapshot length cut, or fills them in', () => {
    const capture = captureOf(EXCHANGE, 43);
    expect(captureScript(capture, PAYLOAD)).to.deep.equal({
      ok: false,
      error: 'Packet 4 was cut by the snapshot length: 2 of its 5 bytes are missing',
    });
    const filled = valueOf(captureScript(capture, { ...PAYLOAD, fill: true }));
    expect(linesOf(filled).slice(0, 2)).to.deep.equal([
      '10 client send random 5',
      '15 server send random 6',
    ]);
  });

  it('gives datagrams as they came, empty ones too', () => {
    const script = read([
      datagram(4, 'client', text('question')),
      datagram(5.5, 'server', text('answer')),
      datagram(9, 'client', text('')),
      datagram(10, 'client', text('question')),
    ]);
    expect(script.conversations[0]).to.include({ transport: 'udp', protocol: 17 });
    expect(linesOf(script)).to.deep.equal([
      '0 client send question',
      '1.5 server send answer',
      '5 client send ',
      '6 client send question',
    ]);
  });

  it('leaves out what it cannot play, and says so', () => {
    const icmp = buildIcmp(
      { source: address('10.0.0.1'), destination: address('10.0.0.2') },
      { type: 8, code: 0, id: 1, sequence: 1, data: text('ping') },
    );
    const unanswered = segment(
      40,
      'client',
      { flags: SYN, sequence: 9 },
      {
        ...ENDS,
        client: { address: '10.0.0.1', port: 40_001 },
      },
    );
    const script = read([{ at: 0, bytes: icmp }, ...EXCHANGE, unanswered]);
    expect(script.conversations.map(({ number }) => number)).to.deep.equal([1]);
    expect(script.notes).to.deep.equal([
      '1 packet is left out that is a fragment or neither TCP nor UDP',
      'tcp-2 is left out: nothing was sent in it',
    ]);
    expect(faultOf([{ at: 0, bytes: icmp }])).to.deep.equal({
      ok: false,
      error: 'It has no TCP and no UDP: its packets can only be played whole',
    });
    expect(faultOf([unanswered])).to.deep.equal({
      ok: false,
      error: 'Nothing was sent in it: tcp-1 is left out: nothing was sent in it',
    });
  });

  it('reads what is whole of a capture that was cut off', () => {
    const capture = captureOf(EXCHANGE);
    const script = valueOf(captureScript(capture.subarray(0, -10), PAYLOAD));
    expect(script.notes[0]).to.match(
      /^The file is cut off or damaged at byte \d+, after packet 8$/,
    );
    expect(linesOf(script)).to.deep.equal(linesOf(read(EXCHANGE)));
    expect(captureScript(capture.subarray(0, 50), PAYLOAD)).to.deep.equal({
      ok: false,
      error: 'The file is cut off or damaged at byte 24, after packet 0, with no IP packet before',
    });
  });
});

interface Sent {
  readonly from: Side;
  readonly size: number;
  /** Whether it is sent again, together with what its side sent before. */
  readonly again: boolean;
  /** Whether it changes places with the one before it when both are of one side. */
  readonly late: boolean;
}

describe('captureScript() of any conversation', () => {
  const sends = fc.array(
    fc.record({
      from: fc.constantFrom<Side>('client', 'server'),
      size: fc.integer({ min: 1, max: 1400 }),
      again: fc.boolean(),
      late: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  );

  /** Packets as they were captured, with what happens on a network, and the sends behind them. */
  function capturedOf(all: readonly Sent[]): {
    readonly packets: readonly MadePacket[];
    readonly lines: readonly string[];
  } {
    const next = { client: 1, server: 1 };
    const last = { client: text(''), server: text('') };
    const packets: { at: number; from: Side; sequence: number; payload: Uint8Array }[] = [];
    const lines: string[] = [];
    for (const [index, { from, size, again, late }] of all.entries()) {
      const payload = new Uint8Array(size).map((_, place) => (index * 7 + place) & 0xff);
      const packet = { at: 10 + index, from, sequence: next[from], payload };
      next[from] += size;
      lines.push(`${from} ${payload.join()}`);
      const before = packets.at(-1);
      if (late && before?.from === from && before.at === 9 + index) {
        packets[packets.length - 1] = { ...packet, at: before.at };
        packets.push({ ...before, at: packet.at });
      } else packets.push(packet);
      if (again)
        packets.push({
          from,
          at: packet.at + 0.5,
          sequence: packet.sequence - last[from].length,
          payload: concatBytes(last[from], payload),
        });
      last[from] = payload;
    }
    const segments = packets.map(({ at, from, sequence, payload }) =>
      segment(at, from, { sequence, payload }),
    );
    return { packets: [...handshake(0), ...segments], lines };
  }

  it('has each send once, whole and in order, whatever was sent again or swapped on the way', () => {
    fc.assert(
      fc.property(sends, (all) => {
        const { packets, lines } = capturedOf(all);
        const [conversation] = read(packets).conversations;
        const found = conversation?.steps.map((step) =>
          step.kind === 'send' && step.payload.kind === 'bytes'
            ? `${step.party} ${step.payload.bytes.join()}`
            : step.kind,
        );
        expect(found).to.deep.equal(lines);
        const times = conversation?.steps.map(({ at }) => at) ?? [];
        expect(times).to.deep.equal(times.toSorted((left, right) => left - right));
      }),
    );
  });

  it('does not throw, whatever the bytes', () => {
    const capture = captureOf(EXCHANGE);
    const change = fc.tuple(fc.nat(capture.length - 1), fc.nat(255));
    const level = fc.constantFrom<CaptureOptions['level']>('payload', 'raw', 'packet');
    fc.assert(
      fc.property(
        level,
        fc.boolean(),
        fc.array(change, { maxLength: 8 }),
        (wished, fill, changes) => {
          const bytes = capture.slice();
          for (const [at, value] of changes) bytes[at] = value;
          const { ok } = captureScript(bytes, { level: wished, flows: [], fill });
          expect(ok).to.be.a('boolean');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('captureScript() at level raw', () => {
  it('gives every segment with its header, numbers relative to the SYNs', () => {
    const options = Uint8Array.of(2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7);
    const script = read(
      [
        ...handshake(0, options),
        segment(3, 'client', { sequence: 1, acknowledgment: 1, payload: text('hi'), window: 9 }),
        segment(4, 'client', { sequence: 3, acknowledgment: 1, payload: text('!'), ttl: 3 }),
        segment(9, 'client', { sequence: 1, acknowledgment: 1, payload: text('hi'), window: 9 }),
        segment(9.5, 'server', { flags: RST, sequence: 1 }),
      ],
      { level: 'raw' },
    );
    expect(script.conversations[0]).to.include({ transport: 'raw-tcp' });
    const [syn, synAck, , data, limited, again, reset] = script.conversations[0]?.steps ?? [];
    expect(syn).to.deep.include({
      flags: SYN,
      sequence: { base: 'absolute', offset: INITIAL.client },
      window: 65_535,
      options: [
        { kind: 'mss', size: 1460 },
        { kind: 'sack-permitted' },
        { kind: 'timestamps', value: 1, echo: 2 },
        { kind: 'nop' },
        { kind: 'window-scale', shift: 7 },
      ],
    });
    expect(syn).to.not.have.any.keys('acknowledgment', 'ttl', 'urgentPointer');
    expect(synAck).to.deep.include({ acknowledgment: { base: 'initial', offset: 1 } });
    expect(data).to.deep.include({
      at: 3,
      flags: PSH | ACK,
      sequence: { base: 'initial', offset: 1 },
      acknowledgment: { base: 'initial', offset: 1 },
      window: 9,
      options: [],
    });
    expect(limited).to.deep.include({ ttl: 3, sequence: { base: 'initial', offset: 3 } });
    expect(again).to.deep.equal({ ...data, at: 9, frame: 6 });
    expect(reset).to.deep.include({ party: 'server', flags: RST });
  });

  it('counts from the first number that was seen when there is no SYN', () => {
    const script = read(
      [
        segment(3, 'client', { sequence: 500, acknowledgment: 900, payload: text('hi') }),
        segment(4, 'server', { flags: ACK, sequence: 900, acknowledgment: 502 }),
      ],
      { level: 'raw' },
    );
    expect(script.conversations[0]?.steps[0]).to.deep.include({
      sequence: { base: 'initial', offset: 1 },
      acknowledgment: { base: 'initial', offset: 1 },
    });
    expect(script.conversations[0]?.steps[1]).to.deep.include({
      sequence: { base: 'initial', offset: 1 },
      acknowledgment: { base: 'initial', offset: 3 },
    });
  });
});

describe('captureScript() at level packet', () => {
  it('gives whole packets of every protocol between two addresses, in order of time', () => {
    const icmp = buildIcmp(
      { source: address('10.0.0.2'), destination: address('10.0.0.1') },
      { type: 8, code: 0, id: 1, sequence: 1, data: text('ping') },
    );
    const packets = [...EXCHANGE, { at: 12, bytes: icmp }, datagram(13, 'server', text('x'))];
    const script = read(packets, { level: 'packet' });
    expect(script.conversations).to.have.length(1);
    expect(script.conversations[0]).to.include({ transport: 'raw-ip', number: 1 });
    const steps = script.conversations[0]?.steps ?? [];
    expect(steps.map(({ at, party, frame }) => [at, party, frame])).to.deep.equal([
      [0, 'client', 1],
      [1, 'server', 2],
      [2, 'client', 3],
      [10, 'client', 4],
      [11, 'server', 5],
      [12, 'server', 10],
      [13, 'server', 11],
      [15, 'server', 6],
      [16, 'client', 7],
      [17, 'server', 8],
      [18, 'client', 9],
    ]);
    const bytes = steps.map(
      (step) => step.kind === 'packet' && step.payload.kind === 'bytes' && step.payload.bytes,
    );
    expect(bytes[5]).to.deep.equal(icmp);
    const chosen = read(packets, { level: 'packet', flows: ['udp'] });
    expect(chosen.conversations[0]?.steps.map(({ frame }) => frame)).to.deep.equal([11]);
  });
});
