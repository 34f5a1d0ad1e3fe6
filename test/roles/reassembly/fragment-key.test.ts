import { expect } from 'chai';
import { parseIp, type IpAddress } from '../../../src/base/addresses.ts';
import { fragmentKey } from '../../../src/roles/reassembly/fragment-key.ts';
import { type IpSpec, buildIp } from '../../../src/wire/build.ts';
import { IP_PROTOCOL } from '../../../src/wire/ip-protocol.ts';
import { PacketView } from '../../../src/wire/packet.ts';

const address = (text: string): IpAddress => {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

function keyOf(
  source: string,
  destination: string,
  { protocol = IP_PROTOCOL.udp, ...spec }: Partial<IpSpec> & { readonly protocol?: number } = {},
): string {
  const packet = buildIp(
    {
      ...{ source: address(source), destination: address(destination), moreFragments: true },
      ...{ fragmentOffset: 8, id: 7, dontFragment: false, ...spec },
    },
    protocol,
    new Uint8Array(8),
  );
  const view = new PacketView();
  expect(view.load(packet, 0, packet.length)).to.equal(true);
  return fragmentKey(view);
}

describe('fragmentKey()', () => {
  it('is the same for all fragments of a datagram', () => {
    const last = { moreFragments: false, fragmentOffset: 16 };
    expect(keyOf('10.0.0.1', '10.0.0.2', last)).to.equal(keyOf('10.0.0.1', '10.0.0.2'));
    expect(keyOf('fd00::1', 'fd00::2', last)).to.equal(keyOf('fd00::1', 'fd00::2'));
  });

  it('tells datagrams apart by addresses, identification and, in IPv4 alone, protocol', () => {
    const key = keyOf('10.0.0.1', '10.0.0.2');
    for (const other of [
      keyOf('10.0.0.2', '10.0.0.1'),
      keyOf('10.0.0.1', '10.0.0.2', { id: 8 }),
      keyOf('10.0.0.1', '10.0.0.2', { protocol: IP_PROTOCOL.tcp }),
    ])
      expect(other).to.not.equal(key);
    expect(keyOf('fd00::1', 'fd00::2', { protocol: IP_PROTOCOL.tcp })).to.equal(
      keyOf('fd00::1', 'fd00::2'),
    );
  });
});
