import { expect } from 'chai';
import fc from 'fast-check';
import { QUIC_VERSION, readLongHeader } from '../../../src/wire/quic/header.ts';
import { deriveInitialKeys } from '../../../src/wire/quic/initial-keys.ts';
import {
  type OpenedInitial,
  decodePacketNumber,
  openInitial,
} from '../../../src/wire/quic/initial.ts';
import { RFC_CLIENT, RFC_ID, hex, realInitial, sealInitial, toHex } from './initials.ts';

/** Opened in the middle of other memory. */
function open(
  packet: Uint8Array,
  { side = 'client', keyId = null as Uint8Array | null, largest = -1 } = {},
): OpenedInitial | null {
  const memory = Uint8Array.from([0xee, ...packet, 0xee]);
  const header = readLongHeader(memory, 1, 1 + packet.length);
  if (header?.type !== 'initial') return null;
  const of = side === 'client' ? 'client' : 'server';
  const keys = deriveInitialKeys(header.version, keyId ?? header.destinationId, of);
  return openInitial(memory, 1, header, keys, largest);
}

// The last 16 bytes of a packet authenticate all the others, so that its ends prove the whole.
const CLIENTS = [
  {
    version: QUIC_VERSION.v1,
    start: 'c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11',
    end: 'e221af44860018ab0856972e194cd934',
  },
  {
    version: QUIC_VERSION.v2,
    start: 'd76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485',
    end: 'a18b2faa745b6fe189cf772a9f84cbfc',
  },
];

// RFC 9001 and RFC 9369, appendices A.3: an ACK frame and a ServerHello.
const SERVERS: readonly string[] = [
  `cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a
   5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3
   dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84
   022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc4
   2158407dd074ee`,
  `dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698
   baeea26b91eb761d9b89237bbf87263017915358230035f7fd3945d88965cf17
   f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2
   c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca8
   4bed8521e2e140`,
];

describe('wire/quic/initial', () => {
  for (const { version, start, end } of CLIENTS)
    it(`openInitial() opens the client's packet of the RFC of version 0x${version.toString(16)}`, () => {
      const packet = sealInitial({ ...RFC_CLIENT, version });
      expect(toHex(packet.subarray(0, 32))).to.equal(start);
      expect(toHex(packet.subarray(-16))).to.equal(end);
      const opened = open(packet);
      expect(opened).to.include({ packetNumber: 2 });
      expect(toHex(opened?.payload ?? hex(''))).to.equal(toHex(RFC_CLIENT.payload));
    });

  for (const [index, packet] of SERVERS.entries())
    it(`openInitial() opens the server's packet of the RFC of version ${index + 1}`, () => {
      const opened = open(hex(packet), { side: 'server', keyId: RFC_ID });
      expect(opened).to.include({ packetNumber: 1 });
      expect(toHex(opened?.payload ?? hex(''))).to.match(
        /^02000000000600405a020000560303eefce7f7b37ba1d1.*0304$/,
      );
    });

  it('openInitial() opens what a real client sends', () => {
    const opened = open(realInitial());
    expect(opened).to.include({ packetNumber: 0 });
    expect(Buffer.from(opened?.payload ?? []).includes('www.blocked.example')).to.equal(true);
  });

  it('openInitial() opens packet numbers of each length, in the light of those before', () => {
    const payload = new Uint8Array(20);
    for (const [packetNumber, packetNumberLength] of [
      [0, 1],
      [255, 2],
      [0x1_0001, 3],
      [0x1234_5678, 4],
      [0x1234_5678, 1],
      [2 ** 33 + 5, 2],
    ] as const) {
      const packet = sealInitial({ payload, packetNumber, packetNumberLength });
      const opened = open(packet, { largest: packetNumber - 1 });
      expect(opened, `packet ${packetNumber}`).to.include({ packetNumber });
    }
    expect(open(sealInitial({ payload, packetNumber: 0x1234_5678 }))).to.equal(null);
  });

  it('openInitial() opens nothing that was changed', () => {
    const packet = sealInitial({ payload: new Uint8Array(20) });
    fc.assert(
      fc.property(fc.nat(packet.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        expect(open(packet.map((byte, index) => (index === at ? byte ^ change : byte)))).to.equal(
          null,
        );
      }),
    );
  });

  it('decodePacketNumber() gives the example of RFC 9000 appendix A.3', () => {
    expect(decodePacketNumber(0xa82f_30ea, 0x9b32, 16)).to.equal(0xa82f_9b32);
    expect(decodePacketNumber(-1, 200, 8)).to.equal(200);
    expect(decodePacketNumber(255, 0, 8)).to.equal(256);
    expect(decodePacketNumber(256, 255, 8)).to.equal(255);
  });
});
