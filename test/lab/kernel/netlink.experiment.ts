import { execFileSync } from 'node:child_process';
import { parseIp, parseMac, parsePrefix } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/invariant.ts';
import type { Result } from '../../../src/base/result.ts';
import { disableOffloads } from '../../../src/kernel/device.ts';
import { createNetworkNamespace, inNamespace } from '../../../src/kernel/namespace.ts';
import { addAddress } from '../../../src/kernel/netlink/address.ts';
import {
  type VethEnd,
  createBridge,
  createIfb,
  createVeth,
  setMaster,
  setUp,
} from '../../../src/kernel/netlink/link.ts';
import { addNeighbour } from '../../../src/kernel/netlink/neighbour.ts';
import { findPath } from '../../../src/kernel/netlink/path.ts';
import { addRoute } from '../../../src/kernel/netlink/route.ts';
import { addRule } from '../../../src/kernel/netlink/rule.ts';
import { NetlinkError, exchange } from '../../../src/kernel/netlink/socket.ts';

function sure<T>(parsed: Result<T, string>): T {
  invariant(parsed.ok, 'The experiment writes addresses right');
  return parsed.value;
}
const ip = (text: string) => sure(parseIp(text));
const prefix = (text: string) => sure(parsePrefix(text));
const mac = (text: string) => sure(parseMac(text));

const node = createNetworkNamespace();
const segment = createNetworkNamespace();
const end = (name: string, address: string, namespace: number): VethEnd => ({
  name,
  index: 100,
  mac: mac(address),
  mtu: 1400,
  namespace,
});
const port = { ...end('port', '02:01:00:00:00:01', segment), index: 101 };
inNamespace(segment, () =>
  exchange([
    createBridge('bridge', 100),
    createVeth(port, end('eth', '02:00:00:00:00:01', node)),
    setMaster(101, 100),
    createIfb('ifb', 102),
  ]),
);
inNamespace(node, () => {
  disableOffloads('eth');
  exchange([
    setUp(1),
    setUp(100),
    addAddress(100, prefix('10.0.0.1/24')),
    addAddress(100, prefix('10.0.1.1/31')),
    addAddress(100, prefix('fd00::1/64')),
    addRoute({
      to: prefix('0.0.0.0/0'),
      kind: 'unicast',
      table: 254,
      via: ip('10.0.0.2'),
      interface: 100,
    }),
    addRoute({
      to: prefix('::/0'),
      kind: 'unicast',
      table: 1000,
      via: ip('fd00::2'),
      interface: 100,
      metric: 7,
    }),
    addRoute({
      to: prefix('10.5.0.0/16'),
      kind: 'unicast',
      table: 254,
      via: ip('fd00::2'),
      interface: 100,
    }),
    addRoute({ to: prefix('10.6.0.0/16'), kind: 'blackhole', table: 254 }),
    addRoute({ to: prefix('10.7.0.0/16'), kind: 'unreachable', table: 254 }),
    addRoute({ to: prefix('10.8.0.0/16'), kind: 'unicast', table: 254, interface: 100 }),
    addRule({ family: 4, priority: 50, table: 1000, from: prefix('10.0.0.0/24'), fwmark: 9 }),
    addRule({
      ...{ family: 4, priority: 52, table: 100 },
      not: true,
      fwmark: 0xca6c,
      mask: 0xfffffffc,
    }),
    addRule({ family: 6, priority: 51, table: 100, to: prefix('fd01::/16') }),
    addNeighbour(100, ip('10.0.0.2'), mac('02:00:00:00:00:02')),
    addNeighbour(100, ip('fd00::2'), mac('02:00:00:00:00:02')),
  ]);
});

const show = (namespace: number, command: string): string =>
  inNamespace(namespace, () => execFileSync('sh', ['-c', command], { encoding: 'utf8' }));

function refusalOf(...messages: Parameters<typeof exchange>[0]): unknown {
  try {
    inNamespace(node, () => exchange(messages));
    return undefined;
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    return { index: error.index, code: error.code, message: error.message };
  }
}

function pathTo(address: string): unknown {
  try {
    return inNamespace(node, () => findPath(ip(address)));
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    return error.code;
  }
}

const many = Array.from({ length: 300 }, (_, index) =>
  addNeighbour(100, ip(`10.0.0.${10 + (index % 200)}`), mac('02:00:00:00:00:02')),
);
let noDevice: unknown;
try {
  disableOffloads('absent');
} catch (error) {
  noDevice = error instanceof Error && 'code' in error ? error.code : error;
}

process.stdout.write(
  JSON.stringify({
    link: show(node, 'ip -o link show eth'),
    port: show(segment, 'ip -o link show port'),
    bridge: show(segment, 'ip -o -d link show bridge'),
    addresses: show(node, 'ip -o address show eth'),
    routes: show(node, 'ip route'),
    routes6: show(node, 'ip -6 route show table 1000'),
    rules: show(node, 'ip rule; ip -6 rule'),
    neighbours: show(node, 'ip neighbour'),
    offloads: show(node, 'ethtool -k eth'),
    exists: refusalOf(setUp(1), addAddress(100, prefix('10.0.0.1/24'))),
    gateway: refusalOf(
      addRoute({
        to: prefix('10.9.0.0/16'),
        kind: 'unicast',
        table: 254,
        via: ip('192.0.2.9'),
        interface: 100,
      }),
    ),
    far: refusalOf(...many),
    nothing: refusalOf(),
    noDevice,
    paths: ['10.0.0.2', 'fd00::2', '10.7.0.1'].map(pathTo),
    narrow: (show(node, 'ip route add 10.10.0.0/16 dev eth mtu 1280'), pathTo('10.10.0.1')),
  }),
);
