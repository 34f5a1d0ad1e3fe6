import { expect } from 'chai';
import type { MatchCondition } from '../../../../src/model/censor.ts';
import { compileHeadTest } from '../../../../src/roles/censor/match/head-condition.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { V4, V6, clientData, datagram, text } from '../playbook.ts';

function holds(condition: MatchCondition, packet: Uint8Array): boolean {
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  return compileHeadTest(condition).every((test) => test(view));
}

const tcp4 = clientData(V4, text('x'));
const tcp6 = clientData(V6, text('x'));
const udp4 = datagram(V4, text('x'));

describe('roles/censor/head-condition', () => {
  const cases: readonly (readonly [MatchCondition, Uint8Array, boolean])[] = [
    [{ field: 'ip.src', prefixes: ['10.0.0.1/32'] }, tcp4, true],
    [{ field: 'ip.src', prefixes: ['10.0.0.1'] }, tcp4, true],
    [{ field: 'ip.src', prefixes: ['10.0.0.2/31'] }, tcp4, false],
    [{ field: 'ip.dst', prefixes: ['10.0.0.2/31', '1.2.3.4/32'] }, tcp4, true],
    [{ field: 'ip.dst', prefixes: ['0.0.0.0/0'] }, tcp4, true],
    [{ field: 'ip.dst', prefixes: ['0.0.0.0/0'] }, tcp6, false],
    [{ field: 'ip.addr', prefixes: ['10.0.0.2/32'] }, tcp4, true],
    [{ field: 'ip.addr', prefixes: ['fd00::/127'] }, tcp6, true],
    [{ field: 'ip.addr', prefixes: ['fd00::3/128'] }, tcp6, false],
    [{ field: 'ip.addr', prefixes: ['fd00::2'] }, tcp6, true],
    [{ field: 'ip.version', values: [6] }, tcp6, true],
    [{ field: 'ip.version', values: [6] }, tcp4, false],
    [{ field: 'ip.proto', values: [17, 1] }, udp4, true],
    [
      {
        field: 'tcp.dstport',
        ranges: [
          [1, 2],
          [440, 450],
        ],
      },
      tcp4,
      true,
    ],
    [{ field: 'tcp.dstport', ranges: [[443, 443]] }, udp4, false],
    [{ field: 'tcp.srcport', ranges: [[443, 443]] }, tcp4, false],
    [{ field: 'tcp.port', ranges: [[40_000, 40_000]] }, tcp4, true],
    [{ field: 'udp.port', ranges: [[443, 443]] }, udp4, true],
    [{ field: 'udp.srcport', ranges: [[40_000, 40_000]] }, udp4, true],
    [{ field: 'udp.dstport', ranges: [[53, 53]] }, udp4, false],
    [{ field: 'tls.sni', names: ['x'] }, tcp4, true],
  ];
  for (const [condition, packet, wish] of cases)
    it(`compileHeadTest() of ${JSON.stringify(condition)} ${wish ? 'holds' : 'fails'}`, () => {
      expect(holds(condition, packet)).to.equal(wish);
    });

  it('compileHeadTest() takes prefixes of every length', () => {
    for (let length = 0; length <= 32; length += 1) {
      const inside = { field: 'ip.src', prefixes: [`10.0.0.1/${length}`] } as const;
      expect(holds(inside, tcp4), `/${length}`).to.equal(true);
      const flipped = length === 0 ? '138.0.0.1' : flipBit(length - 1);
      const outside = { field: 'ip.src', prefixes: [`${flipped}/${length}`] } as const;
      expect(holds(outside, tcp4), `${flipped}/${length}`).to.equal(length === 0);
    }
  });
});

function flipBit(bit: number): string {
  const bytes = [10, 0, 0, 1];
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return bytes.join('.');
}
