import { expect } from 'chai';
import { parseIp, type IpAddress } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/invariant.ts';
import { Reassembler } from '../../../src/roles/endpoint/reassembler.ts';
import { buildUdp } from '../../../src/wire/build.ts';
import { fragmentPacket } from '../../../src/wire/fragment.ts';
import { PacketView } from '../../../src/wire/packet.ts';

function address(text: string): IpAddress {
  const parsed = parseIp(text);
  invariant(parsed.ok, `${text} is an address`);
  return parsed.value;
}

const datagram = (source: string, destination: string): Uint8Array =>
  buildUdp({
    source: address(source),
    destination: address(destination),
    sourcePort: 1,
    destinationPort: 2,
    payload: Uint8Array.from({ length: 100 }, (_, index) => index),
    id: 7,
    dontFragment: false,
  });
const V4 = datagram('10.0.0.1', '10.0.0.2');
const V6 = datagram('fd00::1', 'fd00::2');

/** What comes out for each fragment. */
function pushAll(
  fragments: readonly Uint8Array[],
  now: readonly number[] = [],
): (Uint8Array | null)[] {
  const reassembler = new Reassembler();
  return fragments.map((fragment, index) => {
    const view = new PacketView();
    invariant(view.load(fragment, 0, fragment.length), 'a fragment is sound');
    return reassembler.push(view, now[index] ?? 0);
  });
}

const cut = (packet: Uint8Array, sizes: readonly number[]): Uint8Array[] =>
  fragmentPacket(packet, sizes, 9);

describe('Reassembler', () => {
  for (const [family, packet] of [
    ['IPv4', V4],
    ['IPv6', V6],
  ] as const) {
    it(`push() gives the whole ${family} packet with its last fragment, in whatever order they come`, () => {
      const [first = packet, second = packet, third = packet] = cut(packet, [32, 40]);
      for (const order of [
        [first, second, third],
        [third, first, second],
      ])
        expect(pushAll(order)).to.deep.equal([null, null, packet]);
    });

    it(`push() takes no notice of an ${family} fragment that comes again`, () => {
      const [first = packet, second = packet] = cut(packet, [32]);
      expect(pushAll([first, first, second])).to.deep.equal([null, null, packet]);
    });

    it(`push() drops an ${family} packet whole whose fragments overlap`, () => {
      const [first = packet, second = packet] = cut(packet, [32]);
      const [other = packet] = cut(packet, [40]);
      expect(pushAll([first, other, second])).to.deep.equal([null, null, null]);
    });
  }

  it('push() keeps datagrams apart by their identification', () => {
    const [first = V4] = cut(V4, [32]);
    const [, last = V4] = cut(buildOther(), [32]);
    expect(pushAll([first, last])).to.deep.equal([null, null]);
  });

  it('push() forgets fragments after 30 s', () => {
    const [first = V4, last = V4] = cut(V4, [32]);
    expect(pushAll([first, last], [0, 31e6])).to.deep.equal([null, null]);
  });
});

function buildOther(): Uint8Array {
  const other = Uint8Array.from(V4);
  // The identification; the header's checksum is looked at by others.
  other[5] = 8;
  return other;
}
