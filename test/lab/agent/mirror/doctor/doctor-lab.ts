// Set-ups of a mirror by hand: clients behind a router, a network with the online server, its target and an assistant, and a machine on
// which target and assistant are on a bridge, with a published port.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { disableOffloads } from '../../../../../src/kernel/device.ts';
import { createNetworkNamespace, inNamespace } from '../../../../../src/kernel/namespace.ts';
import { closeDescriptor } from '../../../../../src/kernel/process.ts';
import { listenStream } from '../../../../../src/kernel/stream-socket.ts';
import type { PlanNode } from '../../../../../src/model/plan.ts';

export const PORT = 10_231;

export interface DoctorLab {
  readonly nodes: readonly PlanNode[];
  readonly fd: (node: string) => number;
  /** Runs `ip`, `nft` and the like in a node, words by spaces. */
  readonly run: (node: string, command: string, input?: string) => void;
  readonly set: (node: string, key: string, value: number) => void;
  /** Listens at the target's port, until it is closed. */
  readonly listen: (node: string) => () => void;
}

/** Node → interface → addresses. Interfaces of one name are on one bridge of node `wire`. */
const INTERFACES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  client: { far: ['10.190.4.137/16', 'fd00:190::137/64'] },
  router: { far: ['10.190.0.1/16', 'fd00:190::1/64'], lan: ['10.7.0.1/24', 'fd00:7::1/64'] },
  online: { lan: ['10.7.0.17/24', 'fd00:7::17/64'] },
  target: { lan: ['10.7.0.11/24', 'fd00:7::11/64'], back: ['10.8.0.11/24'] },
  assistant: { lan: ['10.7.0.16/24', 'fd00:7::16/64'], back: ['10.8.0.16/24'] },
  host: { lan: ['10.7.0.20/24'], inside: ['192.168.1.1/24'] },
  inner: { in: ['192.168.1.10/24'] },
  helper: { in: ['192.168.1.11/24'] },
};
const FORWARDING = ['router', 'host'];
const PUBLISHED = `table ip nat { chain prerouting { type nat hook prerouting priority dstnat; ip daddr 10.7.0.20 tcp dport ${PORT} dnat to 192.168.1.10; }\n}\n`;

export function makeDoctorLab(): DoctorLab {
  const fds = new Map(
    ['wire', ...Object.keys(INTERFACES)].map((name) => [name, createNetworkNamespace()]),
  );
  const fd = (node: string): number => fds.get(node) ?? -1;
  const run = (node: string, command: string, input = ''): void => {
    const [program = '', ...words] = command.split(' ');
    inNamespace(fd(node), () => execFileSync(program, words, { input, stdio: 'pipe' }));
  };
  const set = (node: string, key: string, value: number): void =>
    inNamespace(fd(node), () => writeFileSync(`/proc/sys/net/${key}`, String(value)));
  const lab: DoctorLab = {
    nodes: Object.entries(INTERFACES).map(([name, devices]) => toNode(name, devices)),
    ...{ fd, run, set },
    listen: (node) => {
      const [v4, v6] = inNamespace(fd(node), () =>
        ['0.0.0.0', '::'].map((address) =>
          listenStream({ kind: 'ip', address, port: PORT }, { isTransparent: false }),
        ),
      );
      return () => [v4, v6].forEach((each) => closeDescriptor(each ?? -1));
    },
  };
  build(lab);
  return lab;
}

function build({ fd, run, set }: DoctorLab): void {
  for (const bridge of ['far', 'lan', 'back'])
    run('wire', `ip link add name ${bridge} up type bridge`);
  for (const node of Object.keys(INTERFACES)) run(node, 'ip link set lo up');
  run('host', 'ip link add name inside up type bridge');
  for (const [node, devices] of Object.entries(INTERFACES))
    for (const [device, addresses] of Object.entries(devices)) {
      const [hub, bridge] = device === 'in' ? ['host', 'inside'] : ['wire', device];
      if (device !== 'inside') {
        const peer = `${node}-${device}`;
        const end = `peer name ${peer} netns /proc/${process.pid}/fd/${fd(hub)}`;
        run(node, `ip link add ${device} type veth ${end}`);
        run(hub, `ip link set ${peer} master ${bridge} up`);
        for (const [where, name] of [[node, device] as const, [hub, peer] as const])
          inNamespace(fd(where), () => disableOffloads(name));
      }
      for (const address of addresses)
        run(node, `ip addr add ${address} dev ${device}${address.includes(':') ? ' nodad' : ''}`);
      run(node, `ip link set ${device} up`);
    }
  // Namespaces have that of IPv4 from the machine.
  for (const node of Object.keys(INTERFACES))
    for (const family of ['ipv4', 'ipv6'])
      set(node, `${family}/conf/all/forwarding`, FORWARDING.includes(node) ? 1 : 0);
  for (const node of ['online', 'target', 'assistant'])
    for (const via of ['10.7.0.1', 'fd00:7::1']) run(node, `ip route add default via ${via}`);
  for (const node of ['inner', 'helper']) run(node, 'ip route add default via 192.168.1.1');
  run('client', 'ip route add default via 10.190.0.1');
  run('client', 'ip route add default via fd00:190::1');
  run('host', 'ip route add default via 10.7.0.1');
  run('host', 'nft -f -', PUBLISHED);
}

const toNode = (name: string, devices: Readonly<Record<string, readonly string[]>>): PlanNode => ({
  ...{ name, kind: 'host', machine: 'local', stack: 'namespace', path: 'kernel' },
  forwarding: FORWARDING.includes(name),
  interfaces: Object.entries(devices).map(([device, addresses]) => ({
    ...{ name: device, network: device, mac: '', mtu: 1500, addresses, offload: false },
  })),
  ...{ routes: [], rules: [], nat: [], names: [], resolvers: [] },
});
