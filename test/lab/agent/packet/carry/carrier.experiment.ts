// A node of two interfaces whose kernel takes the filter of the first and refuses that of the second.
import { execFileSync } from 'node:child_process';
import { Carrier } from '../../../../../src/agent/packet/carry/carrier.ts';
import { ingressFilter } from '../../../../../src/agent/packet/carry/carry-filters.ts';
import { parseIp } from '../../../../../src/base/addresses.ts';
import { ForwardedPackets } from '../../../../../src/kernel/forwarded-packets.ts';
import {
  addIngressHook,
  setIngressFilter,
} from '../../../../../src/kernel/netlink/ingress-filter.ts';
import { NetlinkSocket } from '../../../../../src/kernel/netlink/socket.ts';
import { FrameMemory, PacketRing, openRings } from '../../../../../src/kernel/packet-ring.ts';
import { buildTcp } from '../../../../../src/wire/build.ts';
import { TCP_FLAG } from '../../../../../src/wire/tcp.ts';

const run = (program: string, ...argv: string[]): string =>
  execFileSync(program, argv, { encoding: 'utf8' });
const filterOf = (device: string): string => run('tc', 'filter', 'show', 'dev', device, 'ingress');

const address = (text: string): Parameters<typeof buildTcp>[0]['source'] => {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

for (const name of ['inside', 'outside'])
  run('ip', 'link', 'add', name, 'up', 'type', 'veth', 'peer', 'name', `${name}-peer`);
const size = { slotBytes: 2048, slots: 16 };
const memory = new FrameMemory(2 ** 20);
const rings = ['inside', 'outside'].map((name) => new PacketRing(memory, name, size));
openRings(memory, rings, size);
const netlink = new NetlinkSocket();
const own = [address('10.1.0.1')];
const index = rings[0]?.interfaceIndex ?? 0;
netlink.exchange([addIngressHook(index)]);
netlink.exchange([setIngressFilter(index, ingressFilter([], own).encode(), true)]);
const closed = filterOf('inside');

const kernel = { netlink, forwarded: new ForwardedPackets() };
const carrier = new Carrier({ rings, own, kernel });
const packet = buildTcp({
  ...{ source: address('10.1.0.2'), destination: address('10.2.0.2') },
  ...{ sourcePort: 40_000, destinationPort: 80, sequence: 1, flags: TCP_FLAG.ACK },
});
for (let count = 0; count < 100; count += 1)
  carrier.note(packet, 0, packet.length, 1e6 + count, true);
carrier.settle(0, 1e6 + 100);
console.log(
  JSON.stringify({
    hadFilter: closed.includes('bytecode'),
    isClosed: filterOf('inside') === closed,
    flows: carrier.count.flows,
  }),
);
carrier.close();
process.exit();
