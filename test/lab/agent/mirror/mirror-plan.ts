// A plan with a mirror by hand: clients at 10.190.0.0/16 and fd90::/16, a target and its assistant on a network behind the online server.
import { DEFAULT_MIRROR } from '../../../../src/model/mirror-defaults.ts';
import { ANSWERS_PORT, type MirrorAnswers, type MirrorSpec } from '../../../../src/model/mirror.ts';
import type { Plan, PlanInterface, PlanNode, StepAction } from '../../../../src/model/plan.ts';
import { bareNode, starPlan, toSteps } from '../../lab/plans.ts';

export interface MirrorWish extends Partial<MirrorSpec> {
  /** `target`: without a third machine. */
  readonly assistant?: 'assistant' | 'target';
  /** Whether the target's answers go to the clients: by the online server, which forwards. */
  readonly isLeaking?: true;
  /** Whether interfaces join segments. */
  readonly offload?: boolean;
}

const MTU = 1500;
/** Of the neighbour that nobody is. */
const NOBODY = '02:00:00:00:00:fe';

const ANSWERS: MirrorAnswers = {
  mirror: 'shadow',
  protocol: 'tcp',
  addresses: ['10.191.0.2', 'fd91::2'],
  port: 10_231,
  clients: ['10.190.0.0/16', 'fd90::/16'],
};

const PLACES = [
  ['client', 'front', 2],
  ['online', 'front', 1],
  ['online', 'back', 1],
  ['target', 'back', 2],
  ['assistant', 'back', 3],
] as const;

const addressesOf = (network: 'front' | 'back', host: number): readonly [string, string] =>
  network === 'front'
    ? [`10.190.0.${host}/16`, `fd90::${host}/16`]
    : [`10.191.0.${host}/24`, `fd91::${host}/64`];

const macOf = (network: string, host: number): string =>
  `02:00:00:0${network === 'front' ? 0 : 1}:00:0${host}`;

export function mirrorPlan({
  assistant = 'assistant',
  offload = false,
  isLeaking,
  ...spec
}: MirrorWish): Plan {
  const names = [...new Set(PLACES.map(([node]) => node))];
  const via = isLeaking ? 1 : assistant === 'assistant' ? 3 : 9;
  const hops = [`10.191.0.${via}`, `fd91::${via}`];
  const actions: StepAction[] = [
    ...names.map((node) => ({ kind: 'namespace', node }) as const),
    { kind: 'bridge', network: 'front', interface: 'front' },
    { kind: 'bridge', network: 'back', interface: 'back' },
    ...PLACES.map(
      ([node, network, host], index) =>
        ({
          kind: 'veth',
          network,
          left: { node, interface: `${node}-${network}`, mac: macOf(network, host) },
          right: {
            ...{ node: null, interface: `${network}-${host}`, master: network },
            mac: `02:01:00:00:00:0${index}`,
          },
          ...{ mtu: MTU, offload },
        }) as const,
    ),
    ...PLACES.flatMap(([node, network, host]) =>
      addressesOf(network, host).map(
        (address) => ({ kind: 'address', node, interface: `${node}-${network}`, address }) as const,
      ),
    ),
    { kind: 'mirror-sink', node: 'assistant', answers: ANSWERS },
    { kind: 'mirror-leaks', node: 'client', answers: ANSWERS },
    {
      kind: 'sysctl',
      node: 'online',
      key: 'net.ipv4.ip_forward',
      value: isLeaking ? '1' : '0',
    },
    ...(assistant === 'target' ? hops : []).map(
      (hop) =>
        ({
          kind: 'neighbour',
          node: 'target',
          interface: 'target-back',
          address: hop,
          mac: NOBODY,
        }) as const,
    ),
    ...hops.map(
      (hop, index) =>
        ({
          kind: 'route',
          node: 'target',
          route: {
            to: index === 0 ? '10.190.0.0/16' : 'fd90::/16',
            via: hop,
            interface: 'target-back',
            table: 'main',
            kind: 'unicast',
          },
        }) as const,
    ),
  ];
  if (spec.mode === 'stream')
    actions.push(
      ...([4, 6] as const).map((family) => {
        const divert = {
          family,
          how: 'redirect',
          protocol: 'tcp',
          ports: [9999],
          to: ANSWERS_PORT,
        } as const;
        return {
          ...({ kind: 'divert', node: 'online', proxy: 'shadow' } as const),
          divert: { ...divert, mark: 0, table: 0 },
        };
      }),
    );
  return {
    ...starPlan(0),
    scenario: 'mirror',
    nodes: names.map((name) => nodeOf(name, offload)),
    networks: (['front', 'back'] as const).map((network) => ({
      ...{ name: network, kind: 'bridge', subnets: [], mtu: MTU },
      ...{ isolated: true, uplink: false, gateway: [] },
      members: PLACES.filter(([, on]) => on === network).map(([node, , host]) => ({
        ...{ node, interface: `${node}-${network}`, mac: macOf(network, host) },
        addresses: addressesOf(network, host),
      })),
    })),
    steps: toSteps(actions),
    mirrors: [
      {
        ...{ ...DEFAULT_MIRROR, clients: ['10.190.0.0/16', 'fd90::/16'] },
        ...spec,
        name: 'shadow',
        online: { node: 'online', addresses: ['10.190.0.1', 'fd90::1'], port: 9999 },
        target: { node: 'target', addresses: ['10.191.0.2', 'fd91::2'], port: 10_231 },
        assistant,
      },
    ],
  };
}

function nodeOf(name: string, offload: boolean): PlanNode {
  const places = PLACES.filter(([node]) => node === name);
  const interfaces = places.map(([node, network, host]): PlanInterface => ({
    ...{ name: `${node}-${network}`, network, mac: macOf(network, host), mtu: MTU, offload },
    addresses: addressesOf(network, host),
  }));
  const routes = interfaces.flatMap(({ name: device, addresses }) =>
    addresses.map(
      (address) =>
        ({
          to: connectedPrefix(address),
          interface: device,
          table: 'main',
          kind: 'unicast',
        }) as const,
    ),
  );
  return { ...bareNode(name), interfaces, routes };
}

/** Hosts are below ten. */
const connectedPrefix = (address: string): string =>
  address.includes(':') ? address.replace(/::\d/, '::') : address.replace(/\.\d\//, '.0/');
