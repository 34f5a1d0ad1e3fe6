import { expect } from 'chai';
import fc from 'fast-check';
import { DEFAULT_REASSEMBLY } from '../../../../src/model/censor-defaults.ts';
import type { CensorReassembly } from '../../../../src/model/censor.ts';
import { ClientStream } from '../../../../src/roles/censor/inspect/client-stream.ts';
import { Inspector } from '../../../../src/roles/censor/inspect/inspector.ts';
import type { Layer, Message } from '../../../../src/roles/censor/inspect/message.ts';
import { concatBytes } from '../../../../src/wire/bytes.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { keyExchange } from '../../../wire/key-exchange.ts';
import {
  Playbook,
  RESET,
  V4,
  clientData,
  fromClient,
  fromServer,
  handshake,
  hello,
  hostRule,
  query,
  request,
  rule,
  sniRule,
  text,
} from '../playbook.ts';

const { ACK, SYN } = TCP_FLAG;
const BLOCKED = hello('blocked.example');

function open(book: Playbook, ends = V4, mss = 1460): void {
  for (const packet of handshake(ends, mss)) expect(book.judge(packet)).to.equal('pass');
}

describe('roles/censor/inspector', () => {
  it('judge() reads a ClientHello cut into segments of any size', () => {
    for (const size of [1, 7, 50, 200]) {
      const book = new Playbook([sniRule(RESET)]);
      open(book);
      const dispositions = [];
      for (let at = 0; at < BLOCKED.length; at += size)
        dispositions.push(book.judge(clientData(V4, BLOCKED.subarray(at, at + size), at)));
      expect(dispositions, `segments of ${size}`).to.include('drop');
    }
  });

  it('judge() reads a ClientHello over records of one byte', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    expect(book.judge(clientData(V4, hello('a.b.blocked.example', 1)))).to.equal('drop');
  });

  it('judge() reads a ClientHello whose segments come in any order, overlapping', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }),
        fc.nat(10),
        (order, overlap) => {
          const book = new Playbook([sniRule(RESET)]);
          open(book);
          const size = Math.ceil(BLOCKED.length / 8);
          const dispositions = order.map((piece) =>
            book.judge(
              clientData(
                V4,
                BLOCKED.subarray(piece * size, (piece + 1) * size + overlap),
                piece * size,
              ),
            ),
          );
          expect(dispositions).to.include('drop');
        },
      ),
    );
  });

  it('judge() believes the first of two overlapping copies', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    const decoy = hello('harmless.exampl');
    expect(book.judge(clientData(V4, decoy.subarray(20), 20))).to.equal('pass');
    expect(book.judge(clientData(V4, BLOCKED.subarray(20), 20))).to.equal('pass');
    expect(book.judge(clientData(V4, BLOCKED.subarray(0, 20), 0))).to.equal('pass');
    expect(book.emitted).to.have.length(0);
  });

  it('judge() looks at every request of a connection, past bodies', () => {
    const book = new Playbook([hostRule(RESET)]);
    open(book);
    const parts = [
      text('POST / HTTP/1.1\r\nHost: fine.example\r\nContent-Length: 30\r\n\r\nGET / HTTP'),
      text('/1.1\r\nHost: 012345678'),
      text('PUT / HTTP/1.1\r\nHost: fine.example\r\nTransfer-Encoding: chunked\r\n\r\n'),
      text('5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n'),
      request('blocked.example'),
    ];
    let offset = 0;
    const dispositions = parts.map((part) => {
      const disposition = book.judge(clientData(V4, part, offset));
      offset += part.length;
      return disposition;
    });
    expect(dispositions).to.deep.equal(['pass', 'pass', 'pass', 'pass', 'drop']);
  });

  it('judge() finds a request behind another in one segment', () => {
    const book = new Playbook([hostRule(RESET)]);
    open(book);
    const both = Uint8Array.from([...request('fine.example'), ...request('Blocked.Example:80')]);
    expect(book.judge(clientData(V4, both))).to.equal('drop');
  });

  it('judge() matches path and method', () => {
    const pages = rule(
      [
        { field: 'http.path', patterns: ['/search*falun*'] },
        { field: 'http.method', patterns: ['GET'] },
      ],
      RESET,
    );
    const book = new Playbook([pages]);
    open(book);
    expect(book.judge(clientData(V4, request('a', '/search?q=falun+x')))).to.equal('drop');
    expect(book.events[0]?.detail).to.equal('http.path /search?q=falun+x, http.method GET');
    const other = new Playbook([pages]);
    open(other);
    expect(other.judge(clientData(V4, request('a', '/find?q=falun')))).to.equal('pass');
  });

  it('judge() reads a flow whose handshake it missed', () => {
    const book = new Playbook([sniRule(RESET)]);
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('drop');
    expect(book.lines()).to.deep.equal([
      'IP 10.0.0.2.443 > 10.0.0.1.40000: Flags [R], seq 5001, win 0, length 0',
      'IP 10.0.0.1.40000 > 10.0.0.2.443: Flags [R], seq 1001, win 0, length 0',
    ]);
  });

  it('judge() begins anew when the ports are used again', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    book.judge(clientData(V4, hello('fine.example')));
    book.judge(fromClient(V4, { sequence: 77_000, flags: SYN }));
    book.judge(fromServer(V4, { sequence: 9000, acknowledgment: 77_001, flags: SYN | ACK }));
    const again = { sequence: 77_001, acknowledgment: 9001, flags: ACK, payload: BLOCKED };
    expect(book.judge(fromClient(V4, again))).to.equal('drop');
  });

  it('judge() gives up on a stream that is nothing it knows', () => {
    const book = new Playbook([sniRule(RESET), hostRule(RESET)]);
    open(book);
    expect(book.judge(clientData(V4, text('SSH-2.0-x\r\n')))).to.equal('pass');
    expect(book.judge(clientData(V4, BLOCKED, 11))).to.equal('pass');
  });

  it('judge() survives a stream that never ends its head', () => {
    const book = new Playbook([hostRule(RESET)]);
    open(book);
    book.judge(clientData(V4, text('GET / HTTP/1.1\r\n')));
    for (let offset = 16; offset < 100_000; offset += 1000)
      expect(book.judge(clientData(V4, new Uint8Array(1000).fill(65), offset))).to.equal('pass');
  });

  /** What is heard when these segments come one after the other. */
  function hear(
    wanted: readonly Layer[],
    segments: readonly Uint8Array[],
    switches: Partial<CensorReassembly> = {},
  ): readonly Message[] {
    const reassembly = { ...DEFAULT_REASSEMBLY, ...switches };
    const stream = new ClientStream(0, reassembly);
    const inspector = new Inspector(wanted, reassembly);
    const messages: Message[] = [];
    let sequence = 0;
    for (const segment of segments) {
      const goesOn =
        !stream.add(sequence, segment.slice(), 0, segment.length) ||
        inspector.read(stream, messages);
      if (!goesOn) break;
      stream.settle();
      sequence += segment.length;
    }
    return messages;
  }
  const layers = (messages: readonly Message[]): readonly Layer[] =>
    messages.map(({ layer }) => layer);
  const halves = (bytes: Uint8Array): readonly Uint8Array[] => [
    bytes.subarray(0, bytes.length >>> 1),
    bytes.subarray(bytes.length >>> 1),
  ];

  it('read() finds what an SSH client says, however it is cut', () => {
    const start = concatBytes(text('SSH-2.0-x y\r\n'), keyExchange('a,b'), new Uint8Array(50));
    for (const size of [1, 10, 1000]) {
      const segments = [];
      for (let at = 0; at < start.length; at += size) segments.push(start.subarray(at, at + size));
      expect(hear(['tls', 'http', 'ssh'], segments)).to.deep.equal([
        { layer: 'ssh', version: 'SSH-2.0-x y', kex: [] },
        { layer: 'ssh', version: 'SSH-2.0-x y', kex: ['a', 'b'] },
      ]);
    }
    expect(hear(['ssh'], [text('SSH-2.0-x\r\n'), text('no key exchange')])).to.have.length(1);
  });

  it('read() hears nothing of QUIC in a stream', () => {
    expect(hear(['quic'], [BLOCKED])).to.deep.equal([]);
  });

  it('read() finds only what lies in one segment where segments are not put together', () => {
    const off = { tcp: false };
    expect(layers(hear(['tls', 'http'], [BLOCKED], off))).to.deep.equal(['tls']);
    expect(hear(['tls', 'http'], halves(BLOCKED), off)).to.deep.equal([]);
    expect(hear(['tls', 'http'], halves(request('blocked.example')), off)).to.deep.equal([]);
    const mixed = [text('noise'), request('a'), BLOCKED, text('more noise'), BLOCKED];
    expect(layers(hear(['tls', 'http'], mixed, off))).to.deep.equal(['http', 'tls', 'tls']);
    expect(
      layers(hear(['tls', 'http'], [concatBytes(request('a'), request('b'))], off)),
    ).to.have.length(2);
  });

  it('read() finds only what lies in one record where records are not put together', () => {
    const split = hello('blocked.example', 40);
    expect(layers(hear(['tls'], [split]))).to.deep.equal(['tls']);
    expect(hear(['tls'], [split], { tlsRecord: false })).to.deep.equal([]);
    expect(layers(hear(['tls'], halves(BLOCKED), { tlsRecord: false }))).to.deep.equal(['tls']);
  });

  it('read() never throws, and finds nothing by itself, on changed streams', () => {
    const samples = [
      BLOCKED,
      hello('blocked.example', 20),
      request('blocked.example'),
      text('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'),
      concatBytes(Uint8Array.of(0, query('a.b').length), query('a.b')),
      concatBytes(text('SSH-2.0-x\r\n'), keyExchange('a,b')),
    ];
    const change = fc.tuple(fc.nat(400), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (sample, changes, sizes, tcp) => {
          const bytes = sample.slice();
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const segments = [];
          let at = 0;
          for (const size of sizes) {
            segments.push(bytes.subarray(at, at + size));
            at += size;
          }
          const wanted = ['tls', 'http', 'dns', 'ssh', 'quic'] as const;
          expect(
            hear(
              wanted,
              segments.filter(({ length }) => length > 0),
              { tcp },
            ).length,
          ).to.be.at.most(20);
        },
      ),
    );
  });
});
