import { expect } from 'chai';
import fc from 'fast-check';
import { DEFAULT_REASSEMBLY } from '../../../../src/model/censor-defaults.ts';
import type { Message } from '../../../../src/roles/censor/inspect/message.ts';
import { QuicReader } from '../../../../src/roles/censor/inspect/quic-reader.ts';
import { concatBytes } from '../../../../src/wire/bytes.ts';
import { QUIC_VERSION } from '../../../../src/wire/quic/header.ts';
import { buildBrowserHello } from '../../../../src/wire/tls-build.ts';
import {
  type InitialSpec,
  RFC_CLIENT,
  cryptoFrame,
  hex,
  realInitial,
  sealInitial,
} from '../../../wire/quic/initials.ts';

const HELLO = buildBrowserHello({
  serverName: 'blocked.example',
  alpn: ['h3'],
  keyShares: [{ group: 0x1d, key: new Uint8Array(32) }],
});
const OFF = { ...DEFAULT_REASSEMBLY, quicCrypto: false };
const PING = hex('01');

/** What the censor hears when these datagrams come, each in the middle of memory that is then overwritten. */
function hear(
  datagrams: readonly Uint8Array[],
  reassembly = DEFAULT_REASSEMBLY,
): readonly (string | null)[] {
  const reader = new QuicReader(reassembly);
  const messages: Message[] = [];
  for (const datagram of datagrams) {
    const memory = Uint8Array.from([0xee, ...datagram, 0xee]);
    reader.read(memory, 1, 1 + datagram.length, messages);
    memory.fill(0xee);
  }
  return messages.map((message) => (message.layer === 'quic' ? message.hello.serverName : ''));
}

const piece = (from: number, to = HELLO.length): Uint8Array =>
  cryptoFrame(from, HELLO.subarray(from, to));
const initial = (payload: Uint8Array, rest: Partial<InitialSpec> = {}): Uint8Array =>
  sealInitial({ payload: concatBytes(payload, new Uint8Array(20)), ...rest });

describe('roles/censor/quic-reader', () => {
  for (const [name, version] of Object.entries(QUIC_VERSION))
    it(`read() finds the hello of the RFC of ${name}`, () => {
      const messages: Message[] = [];
      const datagram = sealInitial({ ...RFC_CLIENT, version });
      const reader = new QuicReader(DEFAULT_REASSEMBLY);
      expect(reader.read(datagram, 0, datagram.length, messages)).to.equal(true);
      expect(messages).to.have.length(1);
      expect(messages[0]).to.deep.include({ layer: 'quic', version });
      expect(messages[0]).to.have.nested.property('hello.serverName', 'example.com');
    });

  it('read() finds the hello of a real client', () => {
    for (const reassembly of [DEFAULT_REASSEMBLY, OFF])
      expect(hear([realInitial()], reassembly)).to.deep.equal(['www.blocked.example']);
  });

  const cases: readonly (readonly [string, readonly Uint8Array[], boolean])[] = [
    [
      'frames out of order',
      [initial(concatBytes(piece(90), PING, piece(0, 50), piece(50, 90)))],
      false,
    ],
    ['frames that overlap', [initial(concatBytes(piece(30), piece(0, 80)))], false],
    ['a token', [initial(piece(0), { token: new Uint8Array(100).fill(7) })], true],
    ['a packet number that is not 0', [initial(piece(0), { packetNumber: 77 })], true],
    [
      'packets of one datagram',
      [concatBytes(initial(piece(60), { packetNumber: 1 }), initial(piece(0, 60)))],
      false,
    ],
    [
      'several datagrams',
      [
        initial(piece(120)),
        initial(piece(0, 60), { packetNumber: 1 }),
        initial(piece(60, 120), { packetNumber: 2 }),
      ],
      false,
    ],
    [
      'packet numbers that wrap',
      [initial(piece(0, 60), { packetNumber: 255 }), initial(piece(60), { packetNumber: 256 })],
      false,
    ],
    [
      'a connection ID that the server chose',
      [
        initial(piece(0, 60)),
        initial(piece(60), { destinationId: hex('aabb'), keyId: hex('8394c8f03e515708') }),
      ],
      false,
    ],
  ];
  for (const [what, datagrams, isAlone] of cases)
    it(`read() finds a hello over ${what}${isAlone ? '' : ', if CRYPTO is put together'}`, () => {
      expect(hear(datagrams)).to.deep.equal(['blocked.example']);
      expect(hear(datagrams, OFF)).to.deep.equal(isAlone ? ['blocked.example'] : []);
    });

  it('read() finds the hello behind a packet of another type, and behind what cannot be opened', () => {
    const zeroRtt = hex(`d000000001088394c8f03e515708004014${'00'.repeat(20)}`);
    const foreign = initial(piece(0), { keyId: hex('00') });
    expect(hear([concatBytes(zeroRtt, foreign, initial(piece(0)))])).to.deep.equal([
      'blocked.example',
    ]);
  });

  it('read() finds the hello after a Retry, which changes the keys', () => {
    const again = initial(piece(0), {
      destinationId: hex('0102030405'),
      token: hex('aa'),
      packetNumber: 1,
    });
    expect(hear([initial(piece(0, 100)), again])).to.deep.equal(['blocked.example']);
    expect(hear([initial(piece(0)), again])).to.deep.equal(['blocked.example', 'blocked.example']);
  });

  it('read() is not confused by other connections in between', () => {
    const other = (id: string): Uint8Array => initial(piece(0, 30), { destinationId: hex(id) });
    const datagrams = (others: readonly string[]): readonly Uint8Array[] => [
      initial(piece(0, 60)),
      ...others.map(other),
      initial(piece(60), { packetNumber: 1 }),
    ];
    expect(hear(datagrams(['01', '02', '03']))).to.deep.equal(['blocked.example']);
    expect(hear(datagrams(['01', '02', '03', '04']))).to.deep.equal([]);
  });

  it('read() tells nothing new where there is nothing new', () => {
    const reader = new QuicReader(DEFAULT_REASSEMBLY);
    const read = (datagram: Uint8Array): boolean => reader.read(datagram, 0, datagram.length, []);
    expect(read(initial(piece(0, 60)))).to.equal(true);
    expect(read(initial(piece(0, 60)))).to.equal(false);
    expect(read(initial(hex('0800')))).to.equal(false);
    expect(read(initial(piece(60)))).to.equal(true);
    expect(read(initial(piece(0)))).to.equal(false);
    expect(read(initial(cryptoFrame(0, hex('02000000')), { destinationId: hex('01') }))).to.equal(
      false,
    );
    expect(read(hex('4011223344556677'))).to.equal(false);
  });

  it('read() never throws on changed datagrams', () => {
    const datagram = concatBytes(initial(piece(0, 60)), initial(piece(60), { packetNumber: 1 }));
    fc.assert(
      fc.property(fc.nat(datagram.length - 1), fc.nat(255), fc.nat(40), (at, value, cut) => {
        hear([
          datagram.map((byte, index) => (index === at ? value : byte)),
          datagram.subarray(cut),
        ]);
      }),
    );
  });

  it('read() never throws on random frames', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (payloads) => {
        hear(payloads.map((payload, packetNumber) => initial(payload, { packetNumber })));
      }),
    );
  });
});
