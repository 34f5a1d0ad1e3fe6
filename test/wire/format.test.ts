import { expect } from 'chai';
import { parseIp, type IpAddress } from '../../src/base/addresses.ts';
import { buildIp, buildTcp } from '../../src/wire/build.ts';
import { formatPacket } from '../../src/wire/format.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

// The SYN of RFC-conforming Linux: 192.168.1.2:43210 > 192.168.1.1:80, MSS 1460, sums made by hand.
const SYN = buildTcp({
  source: ip('192.168.1.2'),
  destination: ip('192.168.1.1'),
  sourcePort: 43_210,
  destinationPort: 80,
  sequence: 0xfffffff0,
  flags: 2,
  options: Uint8Array.of(2, 4, 5, 0xb4),
});

// IPv6 with a hop-by-hop header and a destination options header before UDP 5 > 53 "x".
const EXTENDED = hex(`60000000 0019 00 40
  fd000000000000000000000000000001 fd000000000000000000000000000002
  3c 00 0000 0000 0000  11 00 0000 0000 0000  0005 0035 0009 0000 78`);

describe('wire/format', () => {
  const lines: readonly (readonly [string, Uint8Array])[] = [
    ['IP 192.168.1.2.43210 > 192.168.1.1.80: Flags [S], seq 4294967280, win 65535, length 0', SYN],
    ['IP6 fd00::1.5 > fd00::2.53: UDP, length 1', EXTENDED],
    [
      'IP 10.0.0.1.1 > 10.0.0.2.2: Flags [FP.], seq 4294967295:1, ack 7, win 9, length 2',
      buildTcp({
        source: ip('10.0.0.1'),
        destination: ip('10.0.0.2'),
        sourcePort: 1,
        destinationPort: 2,
        sequence: 0xffffffff,
        acknowledgment: 7,
        flags: 0x19,
        window: 9,
        payload: Uint8Array.of(1, 2),
      }),
    ],
    [
      'IP 10.0.0.1 > 10.0.0.2: UDP fragment 3 at 8, length 2',
      buildIp(
        { source: ip('10.0.0.1'), destination: ip('10.0.0.2'), id: 3, fragmentOffset: 8 },
        17,
        Uint8Array.of(1, 2),
      ),
    ],
    [
      'IP 10.0.0.1 > 10.0.0.2: proto 47, length 0',
      buildIp({ source: ip('10.0.0.1'), destination: ip('10.0.0.2') }, 47, hex('')),
    ],
    ['malformed: IP version is neither 4 nor 6', hex('00')],
  ];
  for (const [line, bytes] of lines)
    it(`formatPacket() writes "${line}"`, () => {
      expect(formatPacket(bytes)).to.equal(line);
    });
});
