// The rows of docs/mirror.md "What has to be so", one after the other in one lab: what the doctor finds in each.
import { inspectMirrors } from '../../../../../src/agent/mirror/doctor/inspect-mirrors.ts';
import { findMirrorFaults } from '../../../../../src/analysis/mirror/find-mirror-faults.ts';
import { LOCAL } from '../../../../../src/model/machine.ts';
import { DEFAULT_MIRROR } from '../../../../../src/model/mirror-defaults.ts';
import type { PlanMirror } from '../../../../../src/model/mirror.ts';
import type { Plan } from '../../../../../src/model/plan.ts';
import { PORT, makeDoctorLab } from './doctor-lab.ts';

const lab = makeDoctorLab();
const stops = new Map(['target', 'inner'].map((node) => [node, lab.listen(node)]));

const HOSTS: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  clients: ['10.190.0.0/16'],
  online: { node: 'online', addresses: ['10.7.0.17'], port: 9999 },
  target: { node: 'target', addresses: ['10.7.0.11'], port: PORT },
  assistant: 'assistant',
};
const ITSELF: PlanMirror = { ...HOSTS, assistant: 'target' };
const SIXTH: PlanMirror = {
  ...HOSTS,
  clients: ['fd00:190::/64'],
  target: { ...HOSTS.target, addresses: ['fd00:7::11'] },
};
const BRIDGE: PlanMirror = {
  ...HOSTS,
  target: { node: 'inner', addresses: ['10.7.0.20'], port: PORT },
  assistant: 'helper',
};

const INSIDE = { node: 'inner', addresses: ['192.168.1.10'], port: PORT };

const found: Record<string, readonly string[]> = {};
const facts: Record<string, unknown> = {};

/** What is changed for a row is undone after it. */
async function row(
  title: string,
  mirror: PlanMirror,
  changes: readonly Change[] = [],
): Promise<void> {
  for (const { does } of changes) does();
  const plan: Plan = { ...EMPTY, nodes: lab.nodes, mirrors: [mirror] };
  const inspections = await inspectMirrors({ plan, namespaceFd: (node) => lab.fd(node ?? '') });
  for (const { undoes } of changes.toReversed()) undoes();
  facts[title] = inspections.map((inspection) => inspection.facts);
  found[title] = inspections.flatMap((inspection) =>
    findMirrorFaults(mirror, inspection.facts).map(({ code }) => code),
  );
}

interface Change {
  readonly does: () => void;
  readonly undoes: () => void;
}

const EMPTY: Plan = {
  ...{ planVersion: 1, scenario: 'doctor', description: '', seed: 1, params: {}, control: false },
  ...{ machines: [LOCAL], nodes: [], names: [], networks: [], censors: [], services: [] },
  ...{ flows: [], captures: [], expectations: [], steps: [] },
};

const ip = (node: string, what: string, words: string): Change => ({
  does: () => lab.run(node, `ip ${what} add ${words}`),
  undoes: () => lab.run(node, `ip ${what} del ${words}`),
});
const sysctl = (node: string, key: string, value: number, before: number): Change => ({
  does: () => lab.set(node, key, value),
  undoes: () => lab.set(node, key, before),
});
const rules = (node: string, chain: string, rule: string): Change => ({
  does: () => lab.run(node, 'nft -f -', `table inet row { chain row { ${chain}; ${rule}; }\n}\n`),
  undoes: () => lab.run(node, 'nft delete table inet row'),
});
const deaf = (node: string): Change => ({
  does: () => stops.get(node)?.(),
  undoes: () => stops.set(node, lab.listen(node)),
});

const CLIENTS = '10.190.0.0/16';
const ROUTE = ip('target', 'route', `${CLIENTS} via 10.7.0.16`);
const FORWARDS = sysctl('assistant', 'ipv4/conf/all/forwarding', 1, 0);
const STRICT = ['all', 'lan', 'back'].map((device) =>
  sysctl('target', `ipv4/conf/${device}/rp_filter`, 1, 0),
);
const INNER = ip('inner', 'route', `${CLIENTS} via 192.168.1.11`);
const bridgeNetfilter = (value: number): Change =>
  sysctl('host', 'bridge/bridge-nf-call-iptables', value, 1);

await row('three hosts', HOSTS, [ROUTE]);
await row('three hosts, IPv6', SIXTH, [ip('target', '-6 route', 'fd00:190::/64 via fd00:7::16')]);
await row('strict rp_filter', HOSTS, [ROUTE, ...STRICT]);
await row('the assistant forwards', HOSTS, [ROUTE, FORWARDS]);
await row('it forwards but what a rule drops', HOSTS, [
  ...[ROUTE, FORWARDS],
  rules('assistant', 'type filter hook prerouting priority raw', `tcp sport ${PORT} drop`),
]);
await row('no route', HOSTS);
await row('another route', HOSTS, [ip('target', 'route', `${CLIENTS} via 10.7.0.1`)]);
const NOBODY = ip('target', 'route', `${CLIENTS} via 10.7.0.250`);
await row('no third machine', ITSELF, [
  NOBODY,
  ip('target', 'neigh', '10.7.0.250 lladdr 02:00:00:00:00:fa nud permanent dev lan'),
]);
await row('without the neighbour', ITSELF, [NOBODY]);
await row('a blackhole', ITSELF, [ip('target', 'route', `blackhole ${CLIENTS}`)]);
await row('a blackhole, IPv6', { ...SIXTH, assistant: 'target' }, [
  ip('target', '-6 route', 'blackhole fd00:190::/64'),
]);
const SECOND = ip('target', 'route', `${CLIENTS} via 10.8.0.16`);
await row('a second interface', HOSTS, [SECOND]);
await row('a second interface, strict rp_filter', HOSTS, [SECOND, ...STRICT]);
await row('nothing listens', HOSTS, [ROUTE, deaf('target')]);
await row('stream', { ...HOSTS, mode: 'stream' });
await row('stream, nothing listens', { ...HOSTS, mode: 'stream' }, [deaf('target')]);
await row('bridge', BRIDGE, [INNER, bridgeNetfilter(1)]);
await row('bridge, nothing listens', BRIDGE, [INNER, bridgeNetfilter(1), deaf('inner')]);
await row('bridge, netfilter off', BRIDGE, [INNER, bridgeNetfilter(0)]);
const INVALID = rules('host', 'type filter hook forward priority filter', 'ct state invalid drop');
await row('bridge, netfilter off, invalid dropped', BRIDGE, [INNER, bridgeNetfilter(0), INVALID]);
await row('no NAT, invalid dropped on the way', { ...BRIDGE, target: INSIDE }, [
  ...[INNER, bridgeNetfilter(0), INVALID],
  ip('online', 'route', '192.168.1.0/24 via 10.7.0.20'),
]);
await row('bridge, netfilter on, a rule for invalid', BRIDGE, [INNER, bridgeNetfilter(1), INVALID]);
await row('bridge, no third machine', { ...BRIDGE, assistant: 'inner' }, [
  ip('inner', 'route', `${CLIENTS} via 192.168.1.250`),
  ip('inner', 'neigh', '192.168.1.250 lladdr 02:00:00:00:00:fa nud permanent dev in'),
]);
await row('bridge, masquerading', BRIDGE, [
  ...[INNER, bridgeNetfilter(1)],
  rules('host', 'type nat hook postrouting priority srcnat', 'oifname "inside" masquerade'),
]);

process.stdout.write(`${JSON.stringify({ found, facts })}\n`);
process.exit(0);
